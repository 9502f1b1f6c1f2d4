package dev.flannelx.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendDataTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "0a:1b:2c:3d:4e:5f", "two\nlines", "a\ttab", "~ `$(reboot)` '\"\\"})
    void takesPrintableText(String data) {
        assertThat(BackendData.problemWith(data)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\r", "\u001b", "\u007f", "ü", "\u2028", "😀"})
    void refusesWhatIsNotPrintable(String data) {
        assertThat(BackendData.problemWith(data))
                .hasValueSatisfying(problem ->
                        assertThat(problem).contains("U+%04X".formatted((int) data.charAt(0)), "want printable ASCII"));
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(BackendData.problemWith("x".repeat(4_096))).isEmpty();
        assertThat(BackendData.problemWith("x".repeat(4_097)))
                .contains("backend data has 4097 bytes: want at most 4096");
    }
}
