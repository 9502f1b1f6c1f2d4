package dev.flannelx.reconcile.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens on the way: a broken spec breaks few nodes, a halt holds, and a good spec reaches everybody. */
class RolloutSimulationTest {
    private static final int RUNS = 250;

    @ParameterizedTest(name = "seeds from {0}")
    @ValueSource(longs = {0, 10_000, 20_000, 30_000})
    void breaksNoMoreThanTheBudgetAndReachesEverybodyInTheEnd(long first) {
        for (long seed = first; seed < first + RUNS; seed++) {
            var simulation = new SimulatedRollout(seed);
            for (int change = 0; change < 6; change++) {
                simulation.newSpec(simulation.random.nextBoolean());
                int steps = simulation.random.nextInt(60);
                for (int i = 0; i < steps; i++) {
                    disturb(simulation);
                    simulation.step();
                }
            }
            simulation.newSpec(false);
            Progress end = simulation.settle();

            assertThat(simulation.offences).as("seed %d", seed).isEmpty();
            assertThat(simulation.allHaveTheLatestSpec())
                    .as("seed %d: %s", seed, end)
                    .isTrue();
            assertThat(end.state()).as("seed %d: %s", seed, end).isEqualTo(Progress.State.UP_TO_DATE);
        }
    }

    private static void disturb(SimulatedRollout simulation) {
        switch (simulation.random.nextInt(12)) {
            case 0 -> simulation.newOperator();
            case 1 -> simulation.outage();
            case 2 -> simulation.everybodyLives();
            default -> {}
        }
    }
}
