package io.cospace.service.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The image under test, run as the manifests run it: root file system read-only, no capabilities,
 * {@code /tmp} in memory, 1 GiB. Which image it is {@code -Dcospace.image} says.
 */
final class ServedContainer extends GenericContainer<ServedContainer> {

    static final long MEMORY = 1L << 30;

    private static final int API = 8080;
    private static final int MANAGEMENT = 9000;
    private static final String IMAGE = System.getProperty("cospace.image", "cospace");

    ServedContainer() {
        super(DockerImageName.parse(IMAGE));
        withImagePullPolicy(image -> false);
        withExposedPorts(API, MANAGEMENT);
        withTmp("16m");
        withCreateContainerCmdModifier(command -> confine(command.getHostConfig()));
        waitingFor(
                Wait.forHttp("/q/health/ready")
                        .forPort(MANAGEMENT)
                        .withStartupTimeout(Duration.ofMinutes(2)));
    }

    private static void confine(HostConfig host) {
        host.withReadonlyRootfs(true)
                .withMemory(MEMORY)
                .withMemorySwap(MEMORY)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"));
    }

    /** Skips the tests of the class where there is no Docker. */
    static void requireDocker() {
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: no Docker engine can be reached");
    }

    /** Size of {@code /tmp}, all that can be written to. */
    ServedContainer withTmp(String size) {
        return withTmpFs(Map.of("/tmp", "rw,noexec,nosuid,mode=1777,size=" + size));
    }

    int api() {
        return getMappedPort(API);
    }

    int management() {
        return getMappedPort(MANAGEMENT);
    }

    /** Address of a path of the management port. */
    URI management(String path) {
        return URI.create("http://%s:%d%s".formatted(getHost(), management(), path));
    }

    /** Address of a path of the API. */
    URI api(String path) {
        return URI.create("http://%s:%d%s".formatted(getHost(), api(), path));
    }

    /** Sends SIGTERM and waits for the end, as {@code docker stop} does. */
    void terminate() {
        getDockerClient().stopContainerCmd(getContainerId()).withTimeout(60).exec();
    }

    InspectContainerResponse inspect() {
        return getDockerClient().inspectContainerCmd(getContainerId()).exec();
    }

    /** Exit code once it has ended. */
    long exitCode() {
        Long code = inspect().getState().getExitCodeLong();
        if (code == null) {
            throw new IllegalStateException("the container has not ended");
        }
        return code;
    }
}
