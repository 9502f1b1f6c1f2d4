package dev.flannelx.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class ShownTest {
    @Test
    void leavesNothingThatATerminalActsUpon() {
        assertThat(Shown.text("a\u001b[2J\u009b2J\r\nb\u007f")).isEqualTo("a?[2J?2J??b?");
    }

    @Test
    void leavesNothingThatIsInvisibleOrTurnsTheDirection() {
        assertThat(Shown.text("a\u202eb\u200bc\u2028d\u2029e")).isEqualTo("a?b?c?d?e");
    }

    @Test
    void leavesLettersOfAllKindsAsTheyAre() {
        assertThat(Shown.text("größer 名前 ✓")).isEqualTo("größer 名前 ✓");
    }

    @Test
    void cutsWhatIsLong() {
        assertThat(Shown.text("abcdef", 3)).isEqualTo("abc…");
    }

    @Test
    void saysWhatIsTheMatterWithAFile() {
        assertThat(Shown.trouble(new AccessDeniedException("/run/file")))
                .isEqualTo("java.nio.file.AccessDeniedException: /run/file");
        assertThat(Shown.trouble(new FileSystemException("/run/file", null, "No space left on device")))
                .isEqualTo("/run/file: No space left on device");
    }

    @Test
    void saysOfOtherTroubleWhatThereIsToSay() {
        assertThat(Shown.trouble(new IOException("no answer"))).isEqualTo("no answer");
        assertThat(Shown.trouble(new IOException())).isEqualTo("java.io.IOException");
    }
}
