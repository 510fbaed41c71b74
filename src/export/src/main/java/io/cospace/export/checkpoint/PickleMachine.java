package io.cospace.export.checkpoint;

import io.cospace.export.checkpoint.PickleValue.Global;
import io.cospace.export.checkpoint.PickleValue.Module;
import io.cospace.export.checkpoint.PickleValue.Opaque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Unpickles what PyTorch writes, and runs nothing: names of classes and functions stay names, and
 * the few that may be "called" are listed in {@link PickleCalls}. An unknown opcode or name ends
 * the reading with an error that names it. Each opcode makes at most one object of the size of its
 * own bytes or arguments, and {@link PickleInput#spend} bounds their number. Opcodes: Python's
 * pickletools.py, protocols 0 to 5. Not thread-safe.
 */
final class PickleMachine {
    /** Where the arguments of a container start on the stack; never escapes it. */
    private enum Mark {
        MARK
    }

    private final PickleInput in;
    private final PickleCalls calls;
    private final PickleNumbers numbers;
    private final ArrayList<@Nullable Object> stack = new ArrayList<>();
    private final Map<Long, @Nullable Object> memo = new HashMap<>();

    PickleMachine(PickleInput in) {
        this.in = in;
        this.calls = new PickleCalls(in);
        this.numbers = new PickleNumbers(in);
    }

    /** Reads one pickle, up to and with its STOP; the input may hold more behind it. */
    @Nullable Object run() {
        while (true) {
            in.spend(1);
            int opcode = in.u8();
            if (opcode == '.') {
                return pop();
            }
            if (!constant(opcode) && !memory(opcode) && !container(opcode) && !object(opcode)) {
                throw in.bad(
                        "opcode 0x"
                                + Integer.toHexString(opcode)
                                + (opcode > ' ' && opcode < 127 ? " '" + (char) opcode + "'" : "")
                                + " is not allowed in a checkpoint");
            }
        }
    }

    private boolean constant(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(in.u8()); // PROTO
            case 0x95 -> in.i64(); // FRAME: a hint for buffered readers
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) in.u8());
            case 'M' -> push((long) in.u16());
            case 'J' -> push((long) in.i32());
            case 'I' -> push(numbers.integer(in.line()));
            case 'L' -> push(numbers.integer(in.line()));
            case 0x8a -> push(PickleNumbers.integer(in.bytes(in.u8()))); // LONG1
            case 0x8b -> push(PickleNumbers.integer(in.bytes(in.i32()))); // LONG4
            case 'G' -> push(in.f64BigEndian());
            case 'F' -> push(numbers.real(in.line()));
            case 'X' -> push(in.utf8(in.i32() & 0xffffffffL));
            case 0x8c -> push(in.utf8(in.u8())); // SHORT_BINUNICODE
            case 0x8d -> push(in.utf8(in.i64())); // BINUNICODE8
            case 'V' -> push(in.line());
            case 'U' -> push(in.utf8(in.u8())); // SHORT_BINSTRING, Python 2
            case 'T' -> push(in.utf8(in.i32())); // BINSTRING, Python 2
            case 'C' -> push(opaque(in.u8())); // SHORT_BINBYTES
            case 'B' -> push(opaque(in.i32() & 0xffffffffL)); // BINBYTES
            case 0x8e -> push(opaque(in.i64())); // BINBYTES8
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memory(int opcode) {
        switch (opcode) {
            case 'p' -> memo.put(memoIndex(in.line()), top());
            case 'q' -> memo.put((long) in.u8(), top());
            case 'r' -> memo.put(in.i32() & 0xffffffffL, top());
            case 0x94 -> memo.put((long) memo.size(), top()); // MEMOIZE
            case 'g' -> recall(memoIndex(in.line()));
            case 'h' -> recall(in.u8());
            case 'j' -> recall(in.i32() & 0xffffffffL);
            case '(' -> push(Mark.MARK);
            case '0' -> pop();
            case '1' -> toMark();
            case '2' -> push(top());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case ')' -> push(List.of());
            case 't' -> push(Collections.unmodifiableList(toMark()));
            case 0x85 -> push(Arrays.asList(pop()));
            case 0x86 -> push(popped(2));
            case 0x87 -> push(popped(3));
            case ']', 0x8f -> push(new ArrayList<>()); // EMPTY_LIST, EMPTY_SET
            case 'l' -> push(toMark());
            case 0x91 -> push(Collections.unmodifiableList(toMark())); // FROZENSET
            case 'a' -> {
                Object value = pop();
                list().add(value);
            }
            case 'e', 0x90 -> { // APPENDS, ADDITEMS
                List<@Nullable Object> values = toMark();
                list().addAll(values);
            }
            case '}' -> push(new LinkedHashMap<>());
            case 'd' -> {
                Map<Object, @Nullable Object> map = new LinkedHashMap<>();
                putAll(map, toMark());
                push(map);
            }
            case 's' -> {
                List<@Nullable Object> pair = popped(2);
                putAll(map(), pair);
            }
            case 'u' -> {
                List<@Nullable Object> pairs = toMark();
                putAll(map(), pairs);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean object(int opcode) {
        switch (opcode) {
            case 'c' -> {
                String module = in.line();
                push(calls.global(module, in.line()));
            }
            case 0x93 -> { // STACK_GLOBAL
                List<@Nullable Object> names = popped(2);
                push(calls.global(text(names.get(0)), text(names.get(1))));
            }
            case 'Q' -> push(calls.storage(pop()));
            case 'R' -> {
                Object arguments = pop();
                push(calls.call(global(), tuple(arguments)));
            }
            case 0x81 -> { // NEWOBJ
                Object arguments = pop();
                push(calls.create(global(), tuple(arguments)));
            }
            case 'b' -> build(pop());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Sets the attributes of a TorchScript object; those of other objects hold no weights. */
    private void build(@Nullable Object state) {
        if (top() instanceof Module module && state instanceof Map<?, ?> attributes) {
            in.spend(attributes.size());
            attributes.forEach((name, value) -> module.attributes().put(name, value));
        }
    }

    private void protocol(int version) {
        if (version > 5) {
            throw in.bad("pickle protocol " + version + "; the last known is 5");
        }
    }

    private void putAll(Map<Object, @Nullable Object> map, List<@Nullable Object> pairs) {
        if (pairs.size() % 2 != 0) {
            throw in.bad("a dictionary key without a value");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            map.put(key(pairs.get(i)), pairs.get(i + 1));
        }
    }

    /** Only plain keys are compared; a container as a key could contain itself. */
    static Object key(@Nullable Object value) {
        return value instanceof String || value instanceof Long || value instanceof Boolean
                ? value
                : new Object();
    }

    private Opaque opaque(long length) {
        in.slice(length);
        return new Opaque("bytes");
    }

    private long memoIndex(String text) {
        if (!(numbers.integer(text) instanceof Long index)) {
            throw in.bad("memo index " + text);
        }
        return index;
    }

    private void recall(long index) {
        if (!memo.containsKey(index)) {
            throw in.bad("memo " + index + " was never stored");
        }
        push(memo.get(index));
    }

    private Global global() {
        if (!(pop() instanceof Global global)) {
            throw in.bad("a call of something that is not a name");
        }
        return global;
    }

    private String text(@Nullable Object value) {
        if (!(value instanceof String text)) {
            throw in.bad("a name that is not text");
        }
        return text;
    }

    @SuppressWarnings("unchecked") // lists on the stack are made above and hold anything
    private List<@Nullable Object> tuple(@Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            throw in.bad("arguments that are not a tuple");
        }
        return (List<@Nullable Object>) list;
    }

    @SuppressWarnings("unchecked") // as above; a tuple is refused by its own add
    private List<@Nullable Object> list() {
        if (!(top() instanceof ArrayList<?> list)) {
            throw in.bad("an append to something that is not a list");
        }
        return (List<@Nullable Object>) list;
    }

    @SuppressWarnings("unchecked") // as above
    private Map<Object, @Nullable Object> map() {
        if (!(top() instanceof Map<?, ?> map)) {
            throw in.bad("an item set on something that is not a dictionary");
        }
        return (Map<Object, @Nullable Object>) map;
    }

    private void push(@Nullable Object value) {
        stack.add(value);
    }

    private @Nullable Object top() {
        if (stack.isEmpty() || stack.getLast() == Mark.MARK) {
            throw in.bad("a value is missing on the stack");
        }
        return stack.getLast();
    }

    private @Nullable Object pop() {
        Object value = top();
        stack.removeLast();
        return value;
    }

    private List<@Nullable Object> popped(int count) {
        @Nullable Object[] values = new @Nullable Object[count];
        for (int i = count - 1; i >= 0; i--) {
            values[i] = pop();
        }
        return Arrays.asList(values);
    }

    private List<@Nullable Object> toMark() {
        int mark = stack.lastIndexOf(Mark.MARK);
        if (mark < 0) {
            throw in.bad("a mark is missing on the stack");
        }
        List<@Nullable Object> above = stack.subList(mark + 1, stack.size());
        ArrayList<@Nullable Object> values = new ArrayList<>(above);
        stack.subList(mark, stack.size()).clear();
        return values;
    }
}
