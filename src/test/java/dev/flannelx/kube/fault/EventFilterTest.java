package dev.flannelx.kube.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.fault.Faults.OfEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventFilterTest {
    private final ScriptedFaults faults = new ScriptedFaults();
    private final List<String> got = new ArrayList<>();
    private final EventFilter filter = new EventFilter(() -> faults, new WatchSink() {
        @Override
        public void send(String event) {
            got.add(event);
        }

        @Override
        public void end() {
            got.add("end");
        }

        @Override
        public void cut() {
            got.add("cut");
        }
    });

    @Test
    void passesWhatNothingBefalls() {
        hear(OfEvent.PASS, OfEvent.PASS);

        assertThat(got).containsExactly("event0", "event1");
    }

    @Test
    void losesAnEvent() {
        hear(OfEvent.PASS, OfEvent.LOSE, OfEvent.PASS);

        assertThat(got).containsExactly("event0", "event2");
    }

    @Test
    void swapsTwoEvents() {
        hear(OfEvent.SWAP, OfEvent.PASS, OfEvent.PASS);

        assertThat(got).containsExactly("event1", "event0", "event2");
    }

    @Test
    void losesNoneOfTwoThatAreSwappedInARow() {
        hear(OfEvent.SWAP, OfEvent.SWAP, OfEvent.PASS);

        assertThat(got).containsExactly("event0", "event2", "event1");
    }

    @Test
    void repeatsAnEventAfterTheNext() {
        hear(OfEvent.REPEAT, OfEvent.PASS);

        assertThat(got).containsExactly("event0", "event1", "event0");
    }

    @Test
    void garblesAnEvent() {
        hear(OfEvent.GARBLE, OfEvent.PASS);

        assertThat(got).containsExactly("eve", "event1");
    }

    @Test
    void saysThatTheVersionIsGoneAndEnds() {
        hear(OfEvent.GONE, OfEvent.PASS);

        assertThat(got).hasSize(2);
        assertThat(got.getFirst()).startsWith("{\"type\":\"ERROR\"").contains("\"code\":410");
        assertThat(got.getLast()).isEqualTo("end");
    }

    @Test
    void cutsTheConnection() {
        hear(OfEvent.CUT, OfEvent.PASS);

        assertThat(got).containsExactly("cut");
    }

    @Test
    void goesSilentForGood() {
        hear(OfEvent.PASS, OfEvent.MUTE, OfEvent.PASS);
        filter.end();

        assertThat(got).containsExactly("event0");
    }

    private void hear(OfEvent... befall) {
        faults.events(befall);
        for (int i = 0; i < befall.length; i++) {
            filter.hear("event" + i);
        }
    }
}
