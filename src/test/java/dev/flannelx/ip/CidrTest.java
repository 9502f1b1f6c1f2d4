package dev.flannelx.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                "10.0.0.0/255.0.0.0",
                "10.1/16",
                "fd00::/129",
                "fd00::/ 64",
                "/24",
                ""
            })
    void refusesWhatIsNoCidr(String text) {
        assertThat(Cidr.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.50.7.9/24, 10.50.7.0/24, 10.50.7.255, 256",
        "10.50.7.9/32, 10.50.7.9/32, 10.50.7.9, 1",
        "1.2.3.4/0, 0.0.0.0/0, 255.255.255.255, 4294967296",
        "fd00:50::ffff/112, fd00:50::/112, fd00:50::ffff, 65536",
    })
    void knowsItsRange(String text, String masked, String last, String size) {
        Cidr cidr = cidr(text);
        assertThat(cidr.masked()).hasToString(masked);
        assertThat(cidr.lastAddress()).hasToString(last);
        assertThat(cidr.size()).isEqualTo(new BigInteger(size));
        assertThat(cidr.isAligned()).isEqualTo(text.equals(masked));
    }

    @ParameterizedTest
    @CsvSource({
        "10.50.0.0/16, 24, 0, 10.50.0.0/24",
        "10.50.0.0/16, 24, 255, 10.50.255.0/24",
        "10.50.7.9/32, 32, 0, 10.50.7.9/32",
        "0.0.0.0/0, 32, 4294967295, 255.255.255.255/32",
        "fd00:50::/48, 64, 7, fd00:50:0:7::/64",
        "fd00:50::/48, 128, 1, fd00:50::1/128",
    })
    void dividesIntoParts(String whole, int length, String number, String part) {
        assertThat(cidr(whole).part(new BigInteger(number), length)).isEqualTo(cidr(part));
    }

    @ParameterizedTest
    @CsvSource({
        "10.50.0.0/16, 10.50.7.0/24, true",
        "10.50.7.0/24, 10.50.0.0/16, true",
        "10.50.7.0/24, 10.50.7.0/24, true",
        "10.50.7.0/24, 10.50.8.0/24, false",
        "0.0.0.0/0, ::/0, false",
        "fd00::/8, fd12::/64, true",
    })
    void overlapsWhatSharesAnAddress(String one, String other, boolean expected) {
        assertThat(cidr(one).overlaps(cidr(other))).isEqualTo(expected);
        assertThat(cidr(other).overlaps(cidr(one))).isEqualTo(expected);
    }

    @Test
    void containsOnlyWhatLiesInside() {
        assertThat(cidr("10.50.0.0/16").contains(cidr("10.50.7.0/24"))).isTrue();
        assertThat(cidr("10.50.7.0/24").contains(cidr("10.50.0.0/16"))).isFalse();
        assertThat(cidr("10.50.7.9/24").contains(Address.parse("10.50.7.1").orElseThrow()))
                .isTrue();
    }

    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }
}
