package dev.flannelx.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "10.50.7.1, 10.50.7.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "FD00:50:0:0::1, fd00:50::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    })
    void printsCanonicalText(String text, String canonical) {
        assertThat(Address.parse(text)).map(Address::toString).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "10.1",
                "10.50.7",
                "0x0a.1.2.3",
                "010.1.2.3",
                "10.1.2.256",
                "10.1.2.3.4",
                "10.1.2.3/24",
                "10.1.2.*",
                "*",
                "10.1.2.1-5",
                "167772161",
                " 10.1.2.3",
                "10.1.2.3 ",
                "10.1.2.3\n",
                "fe80::1%eth0",
                "fd00::/64",
                "::g",
                "1::2::3",
                "[::1]",
                "localhost",
                "$(id)",
                "10.1.2.3;id"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThat(Address.parse(text)).isEmpty();
    }

    @Test
    void readsItsOwnText() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
            var address = new Address(family, new BigInteger(family.bits() - random.nextInt(family.bits()), random));
            assertThat(Address.parse(address.toString())).as("seed %d", seed).contains(address);
        }
    }

    @Test
    void sortsByNumberAndNotByText() {
        assertThat(address("10.0.0.9")).isLessThan(address("10.0.0.10"));
        assertThat(address("255.255.255.255")).isLessThan(address("::"));
    }

    @Test
    void doesNotLeaveItsFamily() {
        assertThatThrownBy(() -> address("255.255.255.255").plus(BigInteger.ONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }
}
