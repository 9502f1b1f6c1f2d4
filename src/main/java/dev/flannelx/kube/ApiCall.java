package dev.flannelx.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Calls of the API server, with what went wrong sorted into what a reconciler tells apart. */
public final class ApiCall {
    private static final int UNPROCESSABLE = 422;
    private static final String TOO_LARGE = "ResourceVersionTooLarge";

    private ApiCall() {}

    /** What became of a write. */
    public sealed interface Written<T> {
        record Done<T>(T result) implements Written<T> {}

        /** Somebody was there first, or changed or deleted it meanwhile. */
        record Conflict<T>() implements Written<T> {}

        /** Schema, admission or authorization will not have it. */
        record Refused<T>(String message) implements Written<T> {}
    }

    /**
     * Writes.
     *
     * @throws IOException if there was no answer, or one that another try may mend
     */
    public static <T> Written<T> write(Supplier<T> call) throws IOException {
        try {
            return new Written.Done<>(call.get());
        } catch (KubernetesClientException e) {
            return switch (e.getCode()) {
                case HttpURLConnection.HTTP_CONFLICT -> new Written.Conflict<>();
                case HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, UNPROCESSABLE ->
                    new Written.Refused<>(message(e));
                default -> throw new IOException(message(e), e);
            };
        }
    }

    /**
     * Reads.
     *
     * @throws IOException if there was no answer, or one that says no
     */
    public static <T> T read(Supplier<T> call) throws IOException {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw new IOException(message(e), e);
        }
    }

    public static boolean isNotFound(IOException e) {
        return isAnswer(e, HttpURLConnection.HTTP_NOT_FOUND);
    }

    public static boolean isForbidden(IOException e) {
        return isAnswer(e, HttpURLConnection.HTTP_FORBIDDEN);
    }

    /** Whether the API server said anything at all. */
    public static boolean isAnswered(IOException e) {
        return e.getCause() instanceof KubernetesClientException cause && cause.getCode() > 0;
    }

    /** Whether the API server was asked and did not say anything. */
    public static boolean isUnanswered(IOException e) {
        return e.getCause() instanceof KubernetesClientException && !isAnswered(e);
    }

    private static boolean isAnswer(IOException e, int code) {
        return e.getCause() instanceof KubernetesClientException cause && cause.getCode() == code;
    }

    /**
     * Whether the API server has never heard of the version that it was asked about: its watch cache is late, or its etcd
     * was restored from a backup.
     */
    static boolean isOfAnotherPast(RuntimeException e) {
        return details(e).stream()
                .flatMap(details -> details.getCauses().stream())
                .anyMatch(cause -> TOO_LARGE.equals(cause.getReason()));
    }

    /** How long the API server wants to be left alone after that; zero where it did not say. */
    static Duration retryAfter(RuntimeException e) {
        return details(e)
                .map(StatusDetails::getRetryAfterSeconds)
                .map(Duration::ofSeconds)
                .orElse(Duration.ZERO);
    }

    private static Optional<StatusDetails> details(RuntimeException e) {
        return e instanceof KubernetesClientException refused
                ? Optional.ofNullable(refused.getStatus()).map(Status::getDetails)
                : Optional.empty();
    }

    /** What the API server said, else what went wrong on the way. */
    static String message(RuntimeException e) {
        if (e instanceof KubernetesClientException refused
                && refused.getStatus() != null
                && refused.getStatus().getMessage() != null) {
            return refused.getStatus().getMessage();
        }
        Throwable first = e;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first.getMessage() == null ? first.toString() : described(first, first.getMessage());
    }

    /** Some say no more than whom they are about. */
    private static String described(Throwable e, String message) {
        return e instanceof UnknownHostException ? "unknown host " + message : message;
    }
}
