package dev.flannelx.lease;

import static dev.flannelx.lease.Leases.lease;
import static dev.flannelx.lease.Leases.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnLeaseTest {
    private static final Lease OLD = lease("a", "10.50.9.0/24", 0);
    private static final Lease NEW = lease("a", "10.50.7.0/24", 1);
    private static final Lease RESERVED = reservation("a", "10.50.3.0/24", 2);
    private static final Lease OTHERS = lease("b", "10.50.1.0/24", 0);

    @Test
    void keepsTheOneThatTheNodeHad() {
        assertThat(choose(NEW.subnet(), OLD, NEW, RESERVED, OTHERS)).contains(NEW);
    }

    @Test
    void prefersAReservationToOthers() {
        assertThat(choose(null, OLD, NEW, RESERVED, OTHERS)).contains(RESERVED);
        assertThat(choose(OTHERS.subnet(), OLD, NEW, RESERVED, OTHERS)).contains(RESERVED);
    }

    @Test
    void takesTheOldestOtherwise() {
        assertThat(choose(null, NEW, OLD, OTHERS)).contains(OLD);
    }

    @Test
    void hasNoneWhereAllAreOthers() {
        assertThat(choose(null, OTHERS)).isEmpty();
        assertThat(choose(OTHERS.subnet(), OTHERS)).isEmpty();
    }

    @Test
    void leavesTheLeaseOfADeletedNodeOfTheSameNameAlone() {
        assertThat(OwnLease.choose(List.of(OLD), "a", "another uid", OLD.subnet()))
                .isEmpty();
    }

    @Test
    void takesAReservationThatAnEarlierNodeOfTheSameNameHad() {
        Lease used = RESERVED.withPublished("earlier uid", PublicAddress.NONE, "extension", "");
        assertThat(OwnLease.choose(List.of(used), "a", "uid-a", null)).contains(used);
    }

    @Test
    void callsTheRestSurplusButNoReservation() {
        Lease middle = lease("a", "10.50.8.0/24", 1);
        List<Lease> leases = List.of(OLD, NEW, RESERVED, middle, OTHERS);
        assertThat(OwnLease.surplus(leases, "a", "uid-a", NEW.subnet())).containsExactlyInAnyOrder(OLD, middle);
        assertThat(OwnLease.surplus(leases, "a", "uid-a", null)).containsExactlyInAnyOrder(OLD, NEW, middle);
        assertThat(OwnLease.surplus(leases, "b", "uid-b", null)).isEmpty();
    }

    private static Optional<Lease> choose(@Nullable Subnet previous, Lease... leases) {
        Optional<Lease> chosen = OwnLease.choose(List.of(leases), "a", "uid-a", previous);
        assertThat(OwnLease.choose(List.of(leases).reversed(), "a", "uid-a", previous))
                .isEqualTo(chosen);
        return chosen;
    }
}
