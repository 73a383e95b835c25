package hoag.engine.files;

import hoag.kernels.FormatException;
import java.nio.file.Path;
import java.util.Locale;

/** Tells files apart by their first bytes. */
final class WeightKinds {
    private static final int NEEDED = 9;

    private WeightKinds() {}

    static Weights.Kind of(Path path) {
        byte[] start = TorchFile.start(path, NEEDED);
        if (begins(start, 'P', 'K')) return zip(path);
        if (path.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) return Weights.Kind.ONNX;
        if (begins(start, 0x93, 'N', 'U', 'M')) return Weights.Kind.NPY;
        if (TorchLegacy.isOne(start)) return Weights.Kind.TORCH_OLD;
        if (start.length == NEEDED && start[NEEDED - 1] == '{') return Weights.Kind.SAFETENSORS;
        throw new FormatException("%s: %s; Hoag reads safetensors, .pt, .pth, .bin, .ckpt, .npy, .npz and .onnx"
                .formatted(path, what(start)));
    }

    private static String what(byte[] start) {
        if (start.length == 0) return "is empty";
        if (begins(start, 0x80)) return "a bare pickle, which torch.save did not write";
        return "is no file of weights, or its beginning is damaged";
    }

    private static Weights.Kind zip(Path path) {
        try (var zip = new ZipMembers(path)) {
            return TorchZip.isOne(zip) ? Weights.Kind.TORCH : Weights.Kind.NPZ;
        }
    }

    private static boolean begins(byte[] start, int... wanted) {
        if (start.length < wanted.length) return false;
        for (int i = 0; i < wanted.length; i++) if ((start[i] & 0xff) != wanted[i]) return false;
        return true;
    }
}
