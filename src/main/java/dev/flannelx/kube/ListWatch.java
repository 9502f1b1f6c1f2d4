package dev.flannelx.kube;

import dev.flannelx.reconcile.Backoff;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Follows resources: lists them once, watches from there, and asks again whenever a watch may not have told everything.
 *
 * <p>One thread lists and watches in turn, so that a list and events never have to be put in order: what a watch still
 * has to say when it is left is dropped, and the next one begins where the list ended. fabric8's informers are not used,
 * since they know nothing of {@link Doubt}: they take a dead connection for a quiet one, wait in silence for a version
 * that an API server whose etcd was restored reaches in days, and all come back at the same moment.
 */
public final class ListWatch implements AutoCloseable {
    /** A watch that says nothing for longer is dead: the API server sends a bookmark each minute. */
    static final Duration SILENCE = Duration.ofSeconds(150);

    private static final Logger LOG = Logger.getLogger(ListWatch.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

    /** Hears what there is. Called by one thread; must return at once. */
    public interface Listener {
        /** This is all there is, whatever was heard before. To go through it may take requests, and fail. */
        void listed(Iterable<GenericKubernetesResource> resources);

        /** It is new, or was changed. */
        void changed(GenericKubernetesResource resource);

        void deleted(GenericKubernetesResource resource);
    }

    /** Why the next watch may not simply begin where the last one ended. */
    private enum Doubt {
        NONE,
        /** The connection ended, or seems dead: what answers on the next one may have another past (a restored etcd). */
        CUT,
        /** Somebody wants to be sure. */
        COMPARISON,
        /** The watch made no sense, or was to begin at a version that has been compacted away. */
        MISSED,
        /** The API server has never heard of the version that was seen last: what it says now is the truth. */
        OTHER_PAST,
        /** Nothing was listed yet. */
        UNSEEN
    }

    private sealed interface Signal {
        record Event(Watcher.Action action, GenericKubernetesResource resource) implements Signal {}

        record End(Doubt doubt) implements Signal {}
    }

    private final Selection selection;
    private final Listener listener;
    private final Duration silence;
    private final Thread thread;
    private volatile BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    /** That a signal says so is not enough: a watch that ends takes its signals with it. */
    private volatile boolean comparisonWanted;

    private volatile boolean watching;
    private volatile boolean closed;

    private Doubt doubt = Doubt.UNSEEN;
    private String version = "";
    private int failures;
    private boolean down;

    /**
     * One that does nothing before {@link #start}.
     *
     * @param fields by which the API server selects
     */
    public ListWatch(
            KubernetesClient client, ResourceDefinitionContext type, Map<String, String> fields, Listener listener) {
        this(new Selection(client, type, fields), listener, SILENCE);
    }

    ListWatch(Selection selection, Listener listener, Duration silence) {
        this.selection = selection;
        this.listener = listener;
        this.silence = silence;
        thread = Thread.ofVirtual().name("flannelx-watch " + selection).unstarted(this::run);
    }

    /** Starts, however long it takes until the API server answers. */
    public void start() {
        thread.start();
    }

    /** Whether its thread is there while it should be: without one nothing is ever heard of again. */
    public boolean isAlive() {
        return thread.getState() != Thread.State.TERMINATED || closed;
    }

    /** Whether changes are being heard of right now, as far as one can know. */
    public boolean isWatching() {
        return watching;
    }

    /**
     * Has what was heard replaced by what an API server remembers, which is never older; ends a pause between two tries.
     * Where it fails, watching goes on as if nobody had asked.
     */
    public void compare() {
        comparisonWanted = true;
        signals.add(new Signal.End(Doubt.COMPARISON));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                lookAndFollow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAndFollow() throws InterruptedException {
        try {
            look();
            follow();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** Asks what must be asked before the next watch. */
    private void look() {
        if (comparisonWanted && (doubt == Doubt.NONE || doubt == Doubt.CUT)) {
            doubt = Doubt.COMPARISON;
        }
        comparisonWanted = false;
        switch (doubt) {
            case NONE -> {}
            case CUT -> selection.probe(version);
            case COMPARISON, MISSED -> take(selection.notOlderThan(version));
            case OTHER_PAST -> take(selection.stored());
            case UNSEEN -> take(selection.remembered());
        }
        doubt = Doubt.NONE;
    }

    private void take(Listing listing) {
        listener.listed(listing);
        version = listing.version();
    }

    private void follow() throws InterruptedException {
        BlockingQueue<Signal> heard = signals;
        try (Watch _ = selection.watch(version, new Subscription(heard))) {
            watching = true;
            if (down) {
                down = false;
                LOG.infof("watching %s again", selection);
            }
            hear(heard);
        } finally {
            watching = false;
            signals = new LinkedBlockingQueue<>();
        }
        if (doubt != Doubt.COMPARISON) {
            pause(Duration.ZERO);
        }
    }

    private void hear(BlockingQueue<Signal> heard) throws InterruptedException {
        while (doubt == Doubt.NONE) {
            switch (heard.poll(silence.toNanos(), TimeUnit.NANOSECONDS)) {
                case null -> doubt = Doubt.CUT;
                case Signal.Event(var action, var resource) -> tell(action, resource);
                case Signal.End(Doubt why) -> doubt = why;
            }
        }
    }

    private void tell(Watcher.Action action, GenericKubernetesResource resource) {
        switch (action) {
            case ADDED, MODIFIED -> listener.changed(resource);
            case DELETED -> listener.deleted(resource);
            case BOOKMARK, ERROR -> {}
        }
        version = resource.getMetadata().getResourceVersion();
        failures = 0;
    }

    private void failed(RuntimeException e) throws InterruptedException {
        if (ApiCall.isOfAnotherPast(e)) {
            doubt = Doubt.OTHER_PAST;
            return;
        }
        doubt = afterFailure(e);
        if (!down && !closed) {
            down = true;
            LOG.warnf("not watching %s: %s", selection, ApiCall.message(e));
        }
        pause(ApiCall.retryAfter(e));
    }

    private Doubt afterFailure(RuntimeException e) {
        return switch (doubt) {
            case NONE, COMPARISON -> e instanceof KubernetesClientException ? Doubt.CUT : Doubt.MISSED;
            case CUT, MISSED, OTHER_PAST, UNSEEN -> doubt;
        };
    }

    /** Lets the API server be, unless somebody wants to be sure before that. */
    private void pause(Duration least) throws InterruptedException {
        failures++;
        Duration pause = BACKOFF.delay(failures, least, ThreadLocalRandom.current());
        var _ = signals.poll(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What a watch says, put in line for the one thread that listens. */
    private record Subscription(BlockingQueue<Signal> heard) implements Watcher<GenericKubernetesResource> {
        @Override
        public void eventReceived(Action action, GenericKubernetesResource resource) {
            heard.add(new Signal.Event(action, resource));
        }

        @Override
        public void onClose(WatcherException cause) {
            boolean nonsense = cause.getRawWatchMessage().isPresent();
            heard.add(new Signal.End(cause.isHttpGone() || nonsense ? Doubt.MISSED : Doubt.CUT));
        }
    }
}
