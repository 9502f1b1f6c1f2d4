package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class ColoursTest {
    @Test
    void coloursOnATerminalAlone() {
        assertThat(Colours.style(Ansi.ON, "bad", "FAILED"))
                .isNotEqualTo("FAILED")
                .startsWith("\u001b[")
                .contains("FAILED")
                .endsWith("m");
        assertThat(Colours.style(Ansi.OFF, "bad", "FAILED")).isEqualTo("FAILED");
    }

    @Test
    void leavesTextAsItIs() {
        String markup = "@|bold x|@";
        assertThat(Colours.style(Ansi.ON, "good", markup)).contains(markup);
        assertThat(Colours.style(Ansi.OFF, "good", markup)).isEqualTo(markup);
    }
}
