package dev.flannelx.lab;

import dev.flannelx.hook.Hook;
import dev.flannelx.ip.Family;
import dev.flannelx.lease.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The report for a person: leases, hooks, the ping matrix, the scenarios. */
final class TextReport {
    private final StringBuilder text = new StringBuilder();
    /** A style and a text to the text in that style, or as it is. */
    private final BiFunction<String, String, String> styled;

    private TextReport(BiFunction<String, String, String> styled) {
        this.styled = styled;
    }

    /**
     * The whole report.
     *
     * @param styled gives a text the style {@code good}, {@code bad} or {@code bold}; where there is no colour, none
     */
    static String of(LabReport report, BiFunction<String, String, String> styled) {
        var writer = new TextReport(styled);
        writer.leases(report.run().leases());
        writer.hooks(report.run().hooks());
        writer.matrices(report.run().pings());
        writer.scenarios(report);
        return writer.text.toString();
    }

    private void leases(List<Lease> leases) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("NODE", "SUBNET", "PUBLIC IP", "BACKEND DATA"));
        leases.stream()
                .sorted(Comparator.comparing(Lease::node, LabReport.BY_NUMBER))
                .forEach(lease -> rows.add(List.of(
                        lease.node(),
                        lease.subnet().toString(),
                        Objects.toString(lease.publicAddress().ipv4(), ""),
                        lease.backendData().lines().findFirst().orElse("-"))));
        table("Leases", rows);
    }

    private void hooks(List<HookRecord> hooks) {
        var byNode = new TreeMap<String, Map<Hook, List<HookRecord>>>(LabReport.BY_NUMBER);
        hooks.forEach(hook -> byNode.computeIfAbsent(hook.node(), node -> new EnumMap<>(Hook.class))
                .computeIfAbsent(hook.hook(), kind -> new ArrayList<>())
                .add(hook));
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("NODE", "HOOK", "RUNS", "FAILED", "MEDIAN", "LONGEST"));
        byNode.forEach((node, byHook) -> byHook.forEach((hook, records) -> rows.add(row(node, hook, records))));
        table("Hooks", rows);
    }

    private static List<String> row(String node, Hook hook, List<HookRecord> records) {
        List<Duration> durations =
                records.stream().map(HookRecord::duration).sorted().toList();
        long failed = records.stream().filter(record -> !record.succeeded()).count();
        return List.of(
                node,
                hook.text(),
                String.valueOf(records.size()),
                String.valueOf(failed),
                millis(durations.get(durations.size() / 2)),
                millis(durations.getLast()));
    }

    private void matrices(List<Ping> pings) {
        for (Family family : Family.values()) {
            List<Ping> ofFamily =
                    pings.stream().filter(ping -> ping.family() == family).toList();
            if (!ofFamily.isEmpty()) {
                matrix("Pings, pod to pod, round trip in ms" + (family == Family.IPV6 ? " (IPv6)" : ""), ofFamily);
            }
        }
    }

    private void matrix(String title, List<Ping> pings) {
        List<String> nodes = pings.stream()
                .map(Ping::from)
                .distinct()
                .sorted(LabReport.BY_NUMBER)
                .toList();
        var rows = new ArrayList<List<String>>();
        var header = new ArrayList<>(List.of("FROM \\ TO"));
        header.addAll(nodes);
        rows.add(header);
        for (String from : nodes) {
            var row = new ArrayList<>(List.of(from));
            for (String to : nodes) {
                row.add(pings.stream()
                        .filter(ping -> ping.from().equals(from) && ping.to().equals(to))
                        .findFirst()
                        .map(TextReport::cell)
                        .orElse("."));
            }
            rows.add(row);
        }
        table(title, rows);
    }

    private static String cell(Ping ping) {
        Double rtt = ping.rttMillis();
        return rtt == null ? "LOST" : String.format(Locale.ROOT, "%.2f", rtt);
    }

    private void scenarios(LabReport report) {
        for (LabReport.Played played : report.scenarios()) {
            String word = played.verdict().ok() ? styled.apply("good", "ok    ") : styled.apply("bad", "FAILED");
            text.append("%s  %-8s %s%n"
                    .formatted(word, played.name(), played.verdict().detail()));
        }
        text.append("network %s, seed %d%n".formatted(report.network(), report.seed()));
    }

    private void table(String title, List<List<String>> rows) {
        text.append(styled.apply("bold", title)).append('\n');
        text.append(TextTable.of(rows, cell -> cell.equals("LOST") ? styled.apply("bad", cell) : cell));
        text.append('\n');
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }
}
