package hoag.galaxy.cli;

import hoag.galaxy.learn.Room;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number, or auto. */
final class BatchSize implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        if (text.equals("auto")) {
            return Room.AUTO;
        }
        try {
            return Integer.parseInt(text); // what uses it knows its range
        } catch (NumberFormatException e) {
            throw new TypeConversionException("--batch " + text + " is not allowed; it must be a number, or auto");
        }
    }
}
