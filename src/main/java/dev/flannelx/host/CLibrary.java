package dev.flannelx.host;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The C library's functions as method handles. A handle is fast only as a constant that is called with the exact types
 * of its function, so that every function that is used here has a static final field and a call of its own.
 */
final class CLibrary {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
    static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Set<Signature> SIGNATURES = ConcurrentHashMap.newKeySet();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private CLibrary() {}

    /** Whether there are functions of these names. */
    static boolean has(String... names) {
        for (String name : names) {
            if (LINKER.defaultLookup().find(name).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** A function whose result says everything. */
    static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(name, new Signature(FunctionDescriptor.of(result, arguments), List.of()));
    }

    /** A function that sets errno: its first argument is a {@link #state}, where {@link #errno} finds it. */
    static MethodHandle settingErrno(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(
                name,
                new Signature(
                        FunctionDescriptor.of(result, arguments), List.of(Linker.Option.captureCallState("errno"))));
    }

    private static MethodHandle handle(String name, Signature signature) {
        SIGNATURES.add(signature);
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                signature.type(),
                signature.options().toArray(Linker.Option[]::new));
    }

    /** How a function is called. */
    record Signature(FunctionDescriptor type, List<Linker.Option> options) {}

    /**
     * How the functions that have handles by now are called. A native image can make no other call than those it was told
     * of when it was built: {@code META-INF/native-image} lists them, and a test holds it to this.
     */
    static Set<Signature> signatures() {
        return Set.copyOf(SIGNATURES);
    }

    /** Room for the errno of one call. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /** A call of a handle. */
    @FunctionalInterface
    interface IntCall {
        int make() throws Throwable;
    }

    /** Makes a call. Those that every hook makes are written out instead: a lambda for each takes longer than the call. */
    static int call(IntCall call) {
        try {
            return call.make();
        } catch (Throwable e) {
            throw notCalled(e);
        }
    }

    /** What to throw where a call threw, as none ever should. */
    static IllegalStateException notCalled(Throwable cause) {
        return new IllegalStateException("a function of the C library could not be called", cause);
    }
}
