package io.cospace.export.checkpoint;

import io.cospace.export.checkpoint.PickleValue.Global;
import io.cospace.export.checkpoint.PickleValue.Module;
import io.cospace.export.checkpoint.PickleValue.Opaque;
import io.cospace.export.checkpoint.PickleValue.Storage;
import io.cospace.export.checkpoint.PickleValue.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The allow-list: which Python names a checkpoint may mention, and what takes the place of calling
 * them. After torch/_utils.py and torch/_weights_only_unpickler.py; nothing is ever looked up or
 * run.
 */
final class PickleCalls {
    private static final Map<String, DataType> TYPES =
            Map.ofEntries(
                    Map.entry("float64", DataType.F64),
                    Map.entry("float32", DataType.F32),
                    Map.entry("float16", DataType.F16),
                    Map.entry("bfloat16", DataType.BF16),
                    Map.entry("int64", DataType.I64),
                    Map.entry("int32", DataType.I32),
                    Map.entry("int16", DataType.I16),
                    Map.entry("int8", DataType.I8),
                    Map.entry("uint16", DataType.U16),
                    Map.entry("uint8", DataType.U8),
                    Map.entry("bool", DataType.BOOL));

    private static final Map<String, DataType> STORAGES =
            Map.of(
                    "DoubleStorage", DataType.F64,
                    "FloatStorage", DataType.F32,
                    "HalfStorage", DataType.F16,
                    "BFloat16Storage", DataType.BF16,
                    "LongStorage", DataType.I64,
                    "IntStorage", DataType.I32,
                    "ShortStorage", DataType.I16,
                    "CharStorage", DataType.I8,
                    "ByteStorage", DataType.U8,
                    "BoolStorage", DataType.BOOL);

    private static final Set<String> DICTIONARIES =
            Set.of(
                    "collections.OrderedDict",
                    "collections.defaultdict",
                    "collections.Counter",
                    "builtins.dict",
                    "__builtin__.dict");

    private static final Set<String> LISTS =
            Set.of(
                    "torch.Size",
                    "builtins.set",
                    "builtins.frozenset",
                    "__builtin__.set",
                    "__builtin__.frozenset",
                    "torch.jit._pickle.build_intlist",
                    "torch.jit._pickle.build_doublelist",
                    "torch.jit._pickle.build_boollist",
                    "torch.jit._pickle.build_tensorlist");

    /** Results that no weight depends on. */
    private static final Set<String> OPAQUE =
            Set.of("torch.device", "_codecs.encode", "builtins.bytearray", "__builtin__.bytearray");

    private static final String UNTYPED = "torch.storage.UntypedStorage";
    private static final Set<String> OTHERS =
            Set.of(
                    UNTYPED,
                    "torch.Tensor",
                    "torch.nn.parameter.Parameter",
                    "torch._utils._rebuild_tensor",
                    "torch._utils._rebuild_tensor_v2",
                    "torch._utils._rebuild_tensor_v3",
                    "torch._utils._rebuild_parameter",
                    "torch._utils._rebuild_parameter_with_state",
                    "torch._tensor._rebuild_from_type_v2",
                    "torch.jit._pickle.restore_type_tag",
                    // What a dictionary subclass names as its default or element type.
                    "builtins.int",
                    "builtins.float",
                    "builtins.list",
                    "__builtin__.int",
                    "__builtin__.float",
                    "__builtin__.list");

    /** PyTorch's own limit. */
    private static final int MAX_DIMENSIONS = 64;

    private final PickleInput in;

    PickleCalls(PickleInput in) {
        this.in = in;
    }

    /** A name, if it is on the list. */
    Global global(String module, String name) {
        String full = module + "." + name;
        if (!isTorchScript(full)
                && !DICTIONARIES.contains(full)
                && !LISTS.contains(full)
                && !OPAQUE.contains(full)
                && !OTHERS.contains(full)
                && !(module.equals("torch")
                        && (STORAGES.containsKey(name) || TYPES.containsKey(name)))) {
            String shown = full.length() > 200 ? full.substring(0, 200) + "..." : full;
            throw in.bad(
                    "the name "
                            + shown
                            + " is not allowed in a checkpoint: this file wants to run code, or holds"
                            + " objects that are not weights");
        }
        return new Global(full);
    }

    /** What a REDUCE of an allowed name gives. */
    @Nullable Object call(Global function, List<@Nullable Object> arguments) {
        String name = function.name();
        if (DICTIONARIES.contains(name)) {
            return dictionary(arguments);
        }
        if (LISTS.contains(name)) {
            return arguments.isEmpty() ? new ArrayList<>() : list(arguments, 0);
        }
        if (OPAQUE.contains(name)) {
            return new Opaque(name);
        }
        return switch (name) {
            case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" ->
                    tensor(arguments, storage(arguments).type());
            case "torch._utils._rebuild_tensor_v3" -> tensor(arguments, type(arguments));
            case "torch._utils._rebuild_parameter",
                    "torch._utils._rebuild_parameter_with_state",
                    "torch.jit._pickle.restore_type_tag" ->
                    at(arguments, 0);
            case "torch._tensor._rebuild_from_type_v2" -> {
                if (!(at(arguments, 0) instanceof Global rebuild)) {
                    throw in.bad("a tensor subclass without a function that rebuilds it");
                }
                yield call(rebuild, list(arguments, 2));
            }
            default -> throw in.bad(name + " cannot be called");
        };
    }

    /** What a NEWOBJ of an allowed name gives: TorchScript objects and dictionaries. */
    Object create(Global type, List<@Nullable Object> arguments) {
        if (isTorchScript(type.name())) {
            return new Module();
        }
        if (DICTIONARIES.contains(type.name())) {
            return dictionary(arguments);
        }
        throw in.bad("an object of " + type.name() + " cannot be made");
    }

    /** What a persistent id stands for: ('storage', type, key, device, elements[, view]). */
    Storage storage(@Nullable Object id) {
        if (!(id instanceof List<?> parts)
                || parts.size() < 5
                || !"storage".equals(parts.get(0))
                || !(parts.get(1) instanceof Global type)
                || !(parts.get(2) instanceof String key)
                || !(parts.get(4) instanceof Long elements)) {
            throw in.bad("a persistent id that does not describe a storage");
        }
        boolean untyped = type.name().equals(UNTYPED);
        DataType elementType =
                untyped ? DataType.U8 : STORAGES.get(type.name().replace("torch.", ""));
        if (elementType == null || elements < 0) {
            throw in.bad("a storage of " + elements + " elements of " + type.name());
        }
        if (parts.size() > 5 && parts.get(5) instanceof List<?> view) {
            return window(new Storage(elementType, untyped, key, 0, elements), view);
        }
        return new Storage(elementType, untyped, key, 0, elements);
    }

    /** The legacy container's view of a storage: (key of the view, first element, elements). */
    private Storage window(Storage whole, List<?> view) {
        if (view.size() != 3
                || !(view.get(1) instanceof Long start)
                || !(view.get(2) instanceof Long elements)
                || start < 0
                || elements < 0
                || elements > whole.elements() - start) {
            throw in.bad("a storage view that is not (key, start, elements) within its storage");
        }
        return new Storage(whole.type(), whole.untyped(), whole.key(), start, elements);
    }

    private Tensor tensor(List<@Nullable Object> arguments, DataType type) {
        return new Tensor(
                type,
                storage(arguments),
                number(at(arguments, 1)),
                numbers(arguments, 2),
                numbers(arguments, 3));
    }

    private Storage storage(List<@Nullable Object> arguments) {
        if (!(at(arguments, 0) instanceof Storage storage)) {
            throw in.bad("a tensor without a storage");
        }
        return storage;
    }

    private DataType type(List<@Nullable Object> arguments) {
        DataType type =
                at(arguments, 6) instanceof Global global
                        ? TYPES.get(global.name().replace("torch.", ""))
                        : null;
        if (type == null) {
            throw in.bad("a tensor of unknown type " + at(arguments, 6));
        }
        return type;
    }

    private Map<Object, @Nullable Object> dictionary(List<@Nullable Object> arguments) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        if (!arguments.isEmpty() && arguments.getLast() instanceof List<?> pairs) {
            in.spend(pairs.size());
            for (Object pair : pairs) {
                if (!(pair instanceof List<?> two) || two.size() != 2) {
                    throw in.bad("a dictionary made of something that is not pairs");
                }
                map.put(PickleMachine.key(two.get(0)), two.get(1));
            }
        }
        return map;
    }

    @SuppressWarnings("unchecked") // lists of a pickle hold anything
    private List<@Nullable Object> list(List<@Nullable Object> arguments, int index) {
        if (!(at(arguments, index) instanceof List<?> list)) {
            throw in.bad("argument " + index + " is not a list");
        }
        return (List<@Nullable Object>) list;
    }

    private List<Long> numbers(List<@Nullable Object> arguments, int index) {
        List<@Nullable Object> values = list(arguments, index);
        if (values.size() > MAX_DIMENSIONS) {
            throw in.bad("a tensor of " + values.size() + " dimensions; at most " + MAX_DIMENSIONS);
        }
        List<Long> numbers = new ArrayList<>();
        for (Object value : values) {
            numbers.add(number(value));
        }
        return List.copyOf(numbers);
    }

    private long number(@Nullable Object value) {
        if (!(value instanceof Long number)) {
            throw in.bad("a whole number is missing where a tensor is described");
        }
        return number;
    }

    private @Nullable Object at(List<@Nullable Object> arguments, int index) {
        if (index >= arguments.size()) {
            throw in.bad("argument " + index + " of a call is missing");
        }
        return arguments.get(index);
    }

    private static boolean isTorchScript(String name) {
        return name.startsWith("__torch__.");
    }
}
