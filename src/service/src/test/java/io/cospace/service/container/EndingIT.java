package io.cospace.service.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.Callers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;

/** How a container ends, and what it says then. */
@Timeout(300)
class EndingIT {

    @BeforeAll
    static void requireDocker() {
        ServedContainer.requireDocker();
    }

    @Test
    void answers_every_call_that_it_let_in_when_it_is_stopped_under_load() throws Exception {
        try (ServedContainer served =
                new ServedContainer().withEnv("COSPACE_DRAIN_DELAY", "500ms")) {
            served.start();
            try (Callers callers = new Callers(served.api(), 12)) {
                callers.start();
                callers.awaitAnswers(50);
                served.terminate();
                callers.finish();
                assertThat(callers.faults()).isEmpty();
            }
            assertThat(served.exitCode()).isZero();
            assertThat(served.getLogs())
                    .contains("left: every call has its answer")
                    .doesNotContain("ERROR");
        }
    }

    @Test
    void ends_with_what_is_missing_where_there_is_no_model() {
        try (ServedContainer served = ending().withEnv("COSPACE_MODELS", "/none")) {
            served.start();
            assertThat(served.exitCode()).isEqualTo(1);
            assertThat(served.getLogs())
                    .contains("no bundle is below /none")
                    .contains("cospace.model")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void ends_with_key_value_and_range_of_a_wrong_value() {
        try (ServedContainer served = ending().withEnv("COSPACE_LIMITS_INPUTS", "0")) {
            served.start();
            assertThat(served.exitCode()).isEqualTo(1);
            assertThat(served.getLogs()).contains("cospace.limits.inputs is 0; must be 1 .. 65536");
        }
    }

    /** One that is started to see it end. */
    private static ServedContainer ending() {
        return new ServedContainer()
                .waitingFor(Wait.forLogMessage(".*", 1))
                .withStartupCheckStrategy(new EndedCheck());
    }

    /** Content as soon as the container has ended, whatever its exit code. */
    private static final class EndedCheck extends OneShotStartupCheckStrategy {

        @Override
        public StartupStatus checkStartupState(
                com.github.dockerjava.api.DockerClient docker, String container) {
            var state = docker.inspectContainerCmd(container).exec().getState();
            return Boolean.TRUE.equals(state.getRunning())
                    ? StartupStatus.NOT_YET_KNOWN
                    : StartupStatus.SUCCESSFUL;
        }
    }
}
