package dev.flannelx.kube.fault;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * All faults there are, at random.
 *
 * @param requests how many of a hundred requests are affected
 * @param events how many of a hundred events are
 */
public record RandomFaults(RandomGenerator random, int requests, int events) implements Faults {
    private static final int[] REFUSALS = {409, 429, 500, 503, 504};

    @Override
    public OfRequest request(String method, String uri) {
        if (random.nextInt(100) >= requests) {
            return new OfRequest.Pass();
        }
        return switch (random.nextInt(6)) {
            case 0 -> new OfRequest.Delay(Duration.ofMillis(random.nextInt(1, 500)));
            case 1 -> refusal(method);
            case 2 -> new OfRequest.Cut();
            case 3 -> new OfRequest.LoseAnswer();
            case 4 -> new OfRequest.Remember();
            default -> random.nextInt(10) == 0 ? new OfRequest.Swallow() : new OfRequest.Cut();
        };
    }

    private OfRequest refusal(String method) {
        int status = REFUSALS[random.nextInt(REFUSALS.length)];
        boolean reads = method.equals("GET");
        return new OfRequest.Refuse(reads && status == 409 ? 500 : status, random.nextInt(2));
    }

    @Override
    public OfEvent event() {
        if (random.nextInt(100) >= events) {
            return OfEvent.PASS;
        }
        OfEvent[] all = OfEvent.values();
        return all[random.nextInt(1, all.length)];
    }
}
