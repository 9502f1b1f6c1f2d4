package dev.flannelx.app;

import dev.flannelx.network.Spans;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line, written as in a resource. */
final class SpanConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return Spans.parse(text)
                .orElseThrow(
                        () -> new TypeConversionException(text + " is not a duration: want one such as 30s or 5m"));
    }
}
