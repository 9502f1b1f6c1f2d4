package dev.flannelx.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PingStreamTest {
    @Test
    void losesNothingWhereEveryPingIsAnswered() {
        assertThat(PingStream.loss(output(20, IntStream.rangeClosed(1, 20)))).isEmpty();
    }

    @Test
    void losesNothingWhereThoseOfTheLastSecondAreNotAnsweredYet() {
        assertThat(PingStream.loss(output(20, IntStream.rangeClosed(1, 15)))).isEmpty();
        assertThat(PingStream.loss(output(3, IntStream.empty()))).isEmpty();
    }

    @Test
    void namesThoseThatWereLost() {
        assertThat(PingStream.loss(output(20, IntStream.rangeClosed(1, 20).filter(sequence -> sequence != 7))))
                .contains("lost {7} of 20");
        assertThat(PingStream.loss(output(20, IntStream.rangeClosed(1, 13)))).contains("lost {14, 15} of 20");
    }

    @Test
    void countsAnErrorAsNoAnswer() {
        String output = output(7, IntStream.of(1))
                + "From 10.50.1.1 icmp_seq=2 Destination Host Unreachable\nping: sendmsg: Network is unreachable\n";
        assertThat(PingStream.loss(output)).contains("lost {2} of 7");
    }

    @Test
    void saysWhatAPingThatCouldNotBeginSaid() {
        assertThat(PingStream.loss("ping: connect: Network is unreachable\n"))
                .contains("ping failed: ping: connect: Network is unreachable");
    }

    /** What ping says on SIGINT. */
    private static String output(int sent, IntStream answered) {
        return "PING 10.50.2.2 (10.50.2.2) 56(84) bytes of data.\n"
                + answered.mapToObj(sequence ->
                                "64 bytes from 10.50.2.2: icmp_seq=%d ttl=62 time=0.16 ms\n".formatted(sequence))
                        .collect(Collectors.joining())
                + "\n--- 10.50.2.2 ping statistics ---\n"
                + sent + " packets transmitted, 1 received, 0% packet loss, time 429ms\n";
    }
}
