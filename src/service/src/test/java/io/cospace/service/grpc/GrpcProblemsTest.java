package io.cospace.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.cospace.service.embedding.Place;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.Problem.Violation;
import io.cospace.service.embedding.ProblemException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcProblemsTest {

    @Test
    void an_overload_says_when_to_come_back() throws Exception {
        Status status =
                GrpcProblems.call(
                        new ProblemException(
                                new Problem.Overloaded("too much", Duration.ofMillis(1_250))));

        assertThat(status.getCode()).isEqualTo(Code.UNAVAILABLE_VALUE);
        assertThat(status.getMessage()).isEqualTo("too much");
        List<Any> details = status.getDetailsList();
        assertThat(details).hasSize(2);
        assertThat(details.get(0).unpack(ErrorInfo.class).getReason()).isEqualTo("OVERLOADED");
        RetryInfo retry = details.get(1).unpack(RetryInfo.class);
        assertThat(retry.getRetryDelay().getSeconds()).isEqualTo(1);
        assertThat(retry.getRetryDelay().getNanos()).isEqualTo(250_000_000);
    }

    @Test
    void every_violation_names_its_field() throws Exception {
        Status status =
                GrpcProblems.call(
                        new ProblemException(
                                new Problem.InvalidRequest(
                                        List.of(
                                                new Violation("/options/task", "is unknown"),
                                                new Violation("/a/3", "is empty")))));

        BadRequest bad = status.getDetailsList().get(1).unpack(BadRequest.class);
        assertThat(bad.getFieldViolationsList())
                .extracting(violation -> violation.getField() + " " + violation.getDescription())
                .containsExactly("options.task is unknown", "a[3] is empty");
    }

    @Test
    void the_guilty_item_is_named_in_the_message() {
        Status status =
                GrpcProblems.call(
                        new ProblemException(
                                new Problem.TextEmpty("text is empty"), new Place("b", 7)));

        assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
        assertThat(status.getMessage()).isEqualTo("b[7]: text is empty");
    }

    @ParameterizedTest
    @CsvSource({"/inputs/3/task,inputs[3].task", "'',''", "/0,[0]", "/a,a", "/a/b/10,a.b[10]"})
    void a_pointer_becomes_the_path_of_a_field(String pointer, String field) {
        assertThat(GrpcProblems.field(pointer)).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({
        "plain text,plain text",
        "50% of it,50%25 of it",
        "für,f%C3%BCr",
        "'a\tb',a%09b",
        "'~',~"
    })
    void a_message_is_percent_encoded(String message, String encoded) {
        assertThat(WireCall.percentEncode(message)).isEqualTo(encoded);
    }
}
