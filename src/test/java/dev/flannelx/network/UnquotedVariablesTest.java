package dev.flannelx.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnquotedVariablesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "wg set peer $X",
                "wg set peer ${X}",
                "wg set --peer=$X",
                "echo \"$(wg set $X)\"",
                "echo \"a\"$X\"b\"",
                "echo 'it'\\''s' $X",
                "true # don't\necho $X",
                "echo `wg set $X`",
                "(cd / && ls $X)",
                "echo \"`date`\" ${X%/*}",
                "export Y=a$X",
                "Y=\"$(printf %s \"quoted $Z\")\" wg $X",
            })
    void findsOneOutsideOfQuotes(String script) {
        assertThat(UnquotedVariables.in(script)).containsExactly("X");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wg set peer \"$X\"",
                "wg set peer \"${X%/*}\"",
                "echo '$X'",
                "Y=$X",
                "true; Y=${X%/*}; true",
                "echo \\$X",
                "true # echo $X",
                "echo \"$(wg set \"$X\")\"",
                "echo \"it's $X\"",
                "echo \"\\\"$X\\\"\"",
                "awk '{ print $1 }' \"$X\"",
                "echo $1 $? $$ $!",
                "",
                "'",
                "\"",
                "$",
                "${",
                "$(",
                "\\",
            })
    void findsNoneWithinQuotesOrAssignments(String script) {
        assertThat(UnquotedVariables.in(script)).isEmpty();
    }
}
