package hoag.engine.nn;

import hoag.engine.Tensor;
import hoag.kernels.ConfigException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Modules applied one after the other. Their keys stand directly below this one's: numbers as in PyTorch's Sequential, or given names. */
public record Sequential(SequencedMap<String, Module> parts) implements Module {
    /** Copies what it is given. */
    public Sequential {
        if (parts.isEmpty()) {
            throw new ConfigException("parts is empty; a sequence needs 1 part or more");
        }
        parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
    }

    /** Keyed 0, 1, 2, ... */
    public static Sequential of(Module... parts) {
        return of(List.of(parts));
    }

    /** Modules one after the other, named 0, 1, ... */
    public static Sequential of(List<? extends Module> parts) {
        return numbered(0, parts);
    }

    /** Keyed from {@code first} on, where what stands before has no weights. */
    public static Sequential numbered(int first, List<? extends Module> parts) {
        SequencedMap<String, Module> named = new LinkedHashMap<>();
        parts.forEach(part -> named.put(Integer.toString(first + named.size()), part));
        return new Sequential(named);
    }

    /** The last module. */
    public Module last() {
        return parts.sequencedValues().getLast();
    }

    /** How many modules there are. */
    public int size() {
        return parts.size();
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor y = x;
        for (Module part : parts.values()) {
            y = part.apply(y, trace);
        }
        return y;
    }
}
