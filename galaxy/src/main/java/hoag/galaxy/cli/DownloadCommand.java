package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Download;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The one command that uses the network. */
@Command(
        name = "download",
        description = "Fetches one file, such as published weights. No other command opens a connection.",
        footer = {
            "",
            "What has come stands in OUT.part until it is whole; the same command goes on from there.",
            "",
            "Examples:",
            "  hoag download https://example.org/model.safetensors",
            "  hoag download https://example.org/model.safetensors --out weights.safetensors --sha256 9f86d08..."
        })
final class DownloadCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Parameters(paramLabel = "URL", description = "an address that begins with https:// or http://")
    URI url;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "where to (default: the last part of the address, in this folder)")
    Path out;

    @Option(names = "--sha256", paramLabel = "HEX", description = "what the file must be; anything else is thrown away")
    String sha256;

    @Override
    public Integer call() {
        Path to = out == null ? named() : out;
        try (Bar bar = new Bar(common.quiet)) {
            Download.Result result = new Download(url, to, sha256).run(bar);
            if (!result.finished()) {
                common.err().println("hoag: stopped; the same command goes on");
                return Main.USER;
            }
            tell(to, result);
            return 0;
        }
    }

    private Path named() {
        String path = url.getPath() == null ? "" : url.getPath();
        String last = path.substring(path.lastIndexOf('/') + 1);
        return Path.of(last.isEmpty() || last.startsWith(".") ? "download" : last);
    }

    private void tell(Path to, Download.Result result) {
        if (common.json) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("file", to.toString());
            map.put("bytes", result.bytes());
            map.put("resumed", result.resumed());
            map.put("sha256", result.sha256());
            common.out().println(Json.compact(map));
        } else if (!common.quiet) {
            common.out()
                    .println(String.format(
                            Locale.ROOT, "%s: %,d bytes, SHA-256 %s", to, result.bytes(), result.sha256()));
        }
    }
}
