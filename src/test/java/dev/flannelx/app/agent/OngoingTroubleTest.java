package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OngoingTroubleTest {
    private final OngoingTrouble trouble = new OngoingTrouble();

    @Test
    void theSameIsToldOnceUntilItIsOver() {
        assertThat(trouble.over()).isFalse();
        assertThat(trouble.met("the disk is full")).isTrue();
        assertThat(trouble.met("the disk is full")).isFalse();
        assertThat(trouble.over()).isTrue();
        assertThat(trouble.over()).isFalse();
        assertThat(trouble.met("the disk is full")).isTrue();
    }

    @Test
    void anotherIsNews() {
        assertThat(trouble.met("the disk is full")).isTrue();
        assertThat(trouble.met("connection refused")).isTrue();
    }
}
