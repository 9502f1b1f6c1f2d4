package dev.flannelx.reconcile;

import dev.flannelx.lease.Subnet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The dealings with every subnet that there is something to remember of. */
final class PeerWorks {
    private final Map<Subnet, PeerWork> works = new HashMap<>();

    PeerWork of(Subnet subnet) {
        return works.computeIfAbsent(subnet, key -> new PeerWork());
    }

    void forget(Subnet subnet) {
        works.remove(subnet);
    }

    /** What is failing, the most often tried first. */
    List<NetworkStatus.Failure> failures() {
        return works.values().stream()
                .<NetworkStatus.Failure>mapMulti((work, sink) -> {
                    if (work.failure != null) {
                        sink.accept(work.failure);
                    }
                })
                .sorted(Comparator.comparingInt(NetworkStatus.Failure::attempts).reversed())
                .toList();
    }
}
