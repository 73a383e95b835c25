package hoag.galaxy.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Comma-separated values, UTF-8, packed or not: what any text is taken for. */
final class CsvTables implements TableFormat {
    @Override
    public String name() {
        return "CSV";
    }

    @Override
    public List<String> endings() {
        return List.of(".csv", ".txt", ".csv.part");
    }

    @Override
    public boolean starts(byte[] head) {
        return false;
    }

    @Override
    public TableRows read(Path file) {
        return new CsvRows(file);
    }

    @Override
    public void write(OutputStream out, List<Column> columns, Supplier<TableRows> rows) throws IOException {
        out.write(bytes(columns.stream().map(Column::name).toList()));
        try (var all = rows.get()) {
            for (var row = all.next(); row != null; row = all.next()) out.write(bytes(row));
        }
    }

    private static byte[] bytes(List<String> fields) {
        return Csv.line(fields).getBytes(StandardCharsets.UTF_8);
    }
}
