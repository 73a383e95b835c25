package hoag.engine.files;

import hoag.engine.files.Python.Instance;
import hoag.engine.files.Python.Name;
import hoag.engine.files.Python.Tuple;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a pickle may ask for. Plain containers, tensors and NumPy's numbers are built here, from data alone. Any other class becomes an
 * {@link Instance}. A call of any other function, and whatever reaches for the system, is refused: nothing would happen if it were not, but a file
 * that asks for it is not to be trusted.
 */
final class PickleCalls {
    private static final Set<String> SYSTEM = Set.of(
            ("os posix nt posixpath ntpath sys subprocess shutil socket importlib runpy pickle _pickle marshal ctypes"
                + " code codeop pty webbrowser multiprocessing threading asyncio tempfile signal shlex platform pydoc"
                + " pip urllib http ftplib smtplib zipimport imp pkgutil commands popen2 bdb pdb timeit cProfile"
                + " profile trace")
                    .split(" "));
    private static final Set<String> BUILTINS = Set.of(
            ("object int float bool str bytes bytearray complex list tuple dict set frozenset slice range xrange long"
                            + " unicode NoneType Ellipsis NotImplemented")
                    .split(" "));
    private static final Set<String> SMALL_CLASSES = Set.of(
            ("functools.partial datetime.datetime datetime.date datetime.time datetime.timedelta datetime.timezone"
                            + " numpy.dtype numpy.core.multiarray._reconstruct numpy.core.multiarray.scalar"
                            + " numpy.core.numeric._frombuffer torch.device torch.layout torch.memory_format"
                            + " builtins.slice builtins.range builtins.xrange builtins.complex")
                    .split(" "));

    private final PickleReader in;
    private long built;

    PickleCalls(PickleReader in) {
        this.in = in;
    }

    /** A name, under its present module; refused where the module reaches beyond data. */
    Name name(String module, String name) {
        String top = module.contains(".") ? module.substring(0, module.indexOf('.')) : module;
        boolean builtin = top.equals("builtins") || top.equals("__builtin__");
        if (SYSTEM.contains(top) || builtin && !BUILTINS.contains(name) && !name.endsWith("Error"))
            throw refused(module + "." + name);
        return new Name(builtin ? "builtins" : module.replace("numpy._core", "numpy.core"), name);
    }

    private hoag.kernels.FormatException refused(String name) {
        return in.error("asks for %s; Hoag runs no code from a file, and this one may mean harm"
                .formatted(JsonPrinter.plain(name.length() > 80 ? name.substring(0, 80) + "..." : name)));
    }

    /** What a call would return. */
    Object call(Name function, Tuple arguments) {
        return switch (function.toString()) {
            case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3" ->
                TorchView.of(in, arguments);
            case "torch._utils._rebuild_parameter",
                    "torch._utils._rebuild_parameter_with_state",
                    "torch.nn.parameter.Parameter",
                    "torch.nn.parameter.Buffer" -> arguments.at(0);
            case "torch._tensor._rebuild_from_type_v2" -> rebuilt(arguments);
            case "torch.Size", "builtins.tuple" -> new Tuple(items(arguments.at(0)));
            case "torch.device", "torch.serialization._get_layout" -> arguments.at(0);
            case "collections.OrderedDict", "collections.Counter", "builtins.dict" -> filled(arguments.at(0));
            case "collections.defaultdict" -> filled(arguments.at(1));
            case "collections.deque", "builtins.list", "builtins.set", "builtins.frozenset" -> items(arguments.at(0));
            case "_codecs.encode", "builtins.bytes", "builtins.bytearray" -> encoded(arguments);
            case "copyreg._reconstructor", "copy_reg._reconstructor" -> object(className(arguments), Tuple.EMPTY);
            case "copyreg.__newobj__", "copy_reg.__newobj__" -> object(className(arguments), rest(arguments));
            default -> instance(function, arguments);
        };
    }

    /** What {@code class.__new__} would return. */
    Object object(Name type, Tuple arguments) {
        return switch (type.toString()) {
            case "collections.OrderedDict", "collections.Counter", "collections.defaultdict", "builtins.dict" ->
                new LinkedHashMap<>();
            case "builtins.list", "builtins.set", "builtins.frozenset", "collections.deque", "torch.Size" ->
                call(type, arguments);
            default -> new Instance(type, arguments);
        };
    }

    private Instance instance(Name type, Tuple arguments) {
        if (!looksLikeClass(type.name()) && !SMALL_CLASSES.contains(type.toString()))
            throw refused("a call of " + type);
        return new Instance(type, arguments);
    }

    /** Classes are written with a capital, functions are not. */
    private static boolean looksLikeClass(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        int at = 0;
        while (at < last.length() && last.charAt(at) == '_') at++;
        return at < last.length() && Character.isUpperCase(last.charAt(at));
    }

    private Name className(Tuple arguments) {
        if (arguments.at(0) instanceof Name name) return name;
        throw in.error("builds an object without a class");
    }

    private Tuple rest(Tuple arguments) {
        return new Tuple(arguments.items.subList(1, arguments.size()));
    }

    private Object rebuilt(Tuple arguments) {
        if (arguments.at(0) instanceof Name function && arguments.at(2) instanceof Tuple inner) {
            if (function.name().equals("_rebuild_from_type_v2")) throw in.error("a tensor of a type within a type");
            return call(function, inner);
        }
        throw in.error("rebuilds a tensor from no arguments");
    }

    // ---- plain values

    /** A key of a dict; Python allows no others but objects, which are told apart by identity. */
    Object key(Object value) {
        if (value instanceof List || value instanceof Map) throw in.error("a list or dict as a key");
        return value;
    }

    private Map<Object, Object> filled(Object from) {
        var dict = new LinkedHashMap<Object, Object>();
        switch (from) {
            case null -> {}
            case Map<?, ?> map -> dict.putAll(charged(map));
            default -> {
                for (Object pair : items(from)) {
                    List<Object> two = items(pair);
                    if (two.size() != 2) throw in.error("a dict of %d values in a pair".formatted(two.size()));
                    dict.put(key(two.get(0)), two.get(1));
                }
            }
        }
        return dict;
    }

    private Map<?, ?> charged(Map<?, ?> map) {
        charge(map.size());
        return map;
    }

    private List<Object> items(Object from) {
        Collection<?> items = switch (from) {
            case null -> List.of();
            case List<?> list -> list;
            case Tuple tuple -> tuple.items;
            default -> throw in.error("a list of what is no list");
        };
        charge(items.size());
        return new ArrayList<>(items);
    }

    private byte[] encoded(Tuple arguments) {
        return switch (arguments.at(0)) {
            case null -> new byte[0];
            case byte[] bytes -> bytes;
            case String text -> {
                charge(text.length() / 8);
                yield text.getBytes(StandardCharsets.ISO_8859_1);
            }
            default -> throw in.error("bytes of what is no text");
        };
    }

    /** Copies made of what stands in the file once: a file may not grow by saying "the same again". */
    private void charge(long items) {
        built += 1 + items;
        if (built > (1 << 16) + 16 * in.position()) throw in.error("repeats its parts beyond measure");
    }

    @SuppressWarnings("unchecked") // every dict on the stack was made here
    static Map<Object, Object> dict(Map<?, ?> map) {
        return (Map<Object, Object>) map;
    }

    /** A whole number among arguments. */
    static long whole(PickleReader in, Object value) {
        return switch (value) {
            case Long number -> number;
            case BigInteger number ->
                throw in.error("%s is too large".formatted(number.bitLength() > 200 ? "a number" : number));
            case null, default -> throw in.error("want a whole number");
        };
    }
}
