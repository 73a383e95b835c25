package hoag.engine.files;

import hoag.kernels.FormatException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** PyTorch's files since 1.6: a zip file of {@code FOLDER/data.pkl} and one member {@code FOLDER/data/KEY} for each storage. */
final class TorchZip {
    private static final String PICKLE = "data.pkl";
    /** Bytes of a deflated pickle; PyTorch deflates nothing. */
    private static final long LONGEST = 32L << 20;
    /** Bytes of all deflated storages for each of their file; weights deflate by a tenth, and to a half where they are wider than their values. */
    private static final long INFLATION = 16;

    private TorchZip() {}

    static boolean isOne(ZipMembers zip) {
        return zip.names().stream().anyMatch(TorchZip::isPickle);
    }

    private static boolean isPickle(String member) {
        return member.equals(PICKLE) || member.endsWith("/" + PICKLE) && member.indexOf('/') == member.lastIndexOf('/');
    }

    static TorchFile.Contents read(Path path, ZipMembers zip) {
        String source = path.toString();
        String folder = folder(source, zip);
        checkOrder(source, zip, folder + "byteorder");
        var pickle = MemorySegment.ofArray(zip.read(folder + PICKLE, LONGEST));
        var in = new PickleReader(source, pickle);
        Object root = new Pickle(in, id -> TorchStorage.of(in, id)).load();
        var data = new TorchData(source, path.toFile().length(), storage -> storage(path, zip, folder, storage));
        return new TorchFile.Contents(root, pickle.byteSize(), data);
    }

    private static String folder(String source, ZipMembers zip) {
        List<String> pickles = zip.names().stream().filter(TorchZip::isPickle).toList();
        if (pickles.size() != 1)
            throw new FormatException(
                    "%s: no PyTorch file: wants one member %s, has %d".formatted(source, PICKLE, pickles.size()));
        return pickles.getFirst().substring(0, pickles.getFirst().length() - PICKLE.length());
    }

    private static void checkOrder(String source, ZipMembers zip, String member) {
        if (!zip.names().contains(member)) return;
        String order = new String(zip.read(member, LONGEST), StandardCharsets.ISO_8859_1).strip();
        if (!order.equals("little"))
            throw new FormatException("%s: byte order '%s'; save it again on a little-endian machine"
                    .formatted(source, JsonPrinter.plain(order)));
    }

    /** Its length stands in the pickle, so that a few bytes could ask for any amount of memory that deflates well. */
    private static MemorySegment storage(Path path, ZipMembers zip, String folder, TorchStorage storage) {
        long claimed = (storage.first() + storage.count()) * storage.bytes();
        long most = LONGEST + INFLATION * path.toFile().length() - zip.inflated();
        return MemorySegment.ofArray(zip.read(folder + "data/" + storage.key(), Math.min(claimed, most)));
    }
}
