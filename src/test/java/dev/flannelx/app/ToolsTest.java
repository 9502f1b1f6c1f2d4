package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolsTest {
    @Test
    void saysWhatIsMissingAndHowToGetIt() {
        assertThatThrownBy(() -> Tools.require(List.of("sh", "no-such-tool", "cat", "nor-this-one")))
                .isInstanceOf(IOException.class)
                .hasMessage("not found: no-such-tool, nor-this-one."
                        + " On Debian: apt-get install no-such-tool nor-this-one");
    }

    @Test
    void isContentWithWhatIsThere() {
        assertThatCode(() -> Tools.require(List.of("sh", "cat"))).doesNotThrowAnyException();
    }
}
