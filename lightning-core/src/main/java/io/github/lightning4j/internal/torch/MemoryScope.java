package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Owns every native array made on this thread while it is open and frees them when it closes, whichever manager they
 * were attached to.
 *
 * <p>Two traps of DJL end here. Arrays made from Java numbers live in a direct buffer that the garbage collector may take
 * while libtorch's autograd graph still reads it, as soon as the array itself is closed: the scope keeps every such buffer
 * reachable until it closes. And scopes that the user's code left open inside this one would swallow later arrays: they
 * are closed with it.
 */
public final class MemoryScope extends NDScope {
    private static final VarHandle RESOURCES;
    private static final VarHandle BUFFER;
    private static final ThreadLocal<Deque<NDScope>> STACK;

    static {
        try {
            MethodHandles.Lookup scopes = MethodHandles.privateLookupIn(NDScope.class, MethodHandles.lookup());
            RESOURCES = scopes.findVarHandle(NDScope.class, "resources", IdentityHashMap.class);
            STACK = stack(scopes);
            BUFFER = MethodHandles.privateLookupIn(PtNDArray.class, MethodHandles.lookup())
                    .findVarHandle(PtNDArray.class, "dataRef", ByteBuffer.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BufferKeepingMap arrays;

    private MemoryScope() {
        arrays = new BufferKeepingMap();
        RESOURCES.set(this, arrays);
    }

    @SuppressWarnings("unchecked")
    private static ThreadLocal<Deque<NDScope>> stack(MethodHandles.Lookup lookup) throws ReflectiveOperationException {
        return (ThreadLocal<Deque<NDScope>>) lookup.findStaticVarHandle(NDScope.class, "SCOPE_STACK", ThreadLocal.class)
                .get();
    }

    /**
     * Opens a scope on the current thread.
     *
     * @return the scope, to be closed on the same thread
     */
    public static MemoryScope open() {
        return new MemoryScope();
    }

    /**
     * Keeps the Java memory behind arrays that were made elsewhere, a batch's for instance, until this scope closes.
     *
     * @param list the arrays
     */
    public void retainBuffers(NDList list) {
        for (int i = 0; i < list.size(); i++) {
            arrays.retain(list.get(i));
        }
    }

    /**
     * Takes an array out of every scope open on this thread, so that it outlives them; it stays with its manager.
     *
     * @param array the array
     * @param <T> its type
     * @return the array
     */
    public static <T extends NDArray> T release(T array) {
        for (NDScope scope : STACK.get()) {
            resources(scope).remove(array);
        }
        return array;
    }

    /**
     * Runs something whose arrays shall belong to no scope of this thread.
     *
     * @param action makes the arrays
     * @param <T> the type of its result
     * @return its result
     */
    public static <T> T outside(java.util.function.Supplier<T> action) {
        Deque<NDScope> open = STACK.get();
        List<NDScope> suspended = new ArrayList<>(open);
        open.clear();
        try {
            return action.get();
        } finally {
            open.clear();
            open.addAll(suspended);
        }
    }

    /**
     * Gives an array made in this scope to the one around it, if there is one.
     *
     * @param array the array
     * @return whether it was made in this scope
     */
    public boolean handOut(NDArray array) {
        if (arrays.remove(array) == null) {
            return false;
        }
        NDScope around = null;
        for (NDScope scope : STACK.get()) {
            if (scope == this) {
                break;
            }
            around = scope;
        }
        if (around != null) {
            resources(around).put(array, array);
        }
        return true;
    }

    /**
     * Whether an array was made in this scope and not in one within it, and is still its own.
     *
     * @param array the array
     * @return true if closing this scope would free it
     */
    public boolean owns(NDArray array) {
        return arrays.containsKey(array);
    }

    /** Gives up all that was made so far: it stays with its managers. */
    public void disown() {
        arrays.clear();
    }

    @SuppressWarnings("unchecked")
    private static IdentityHashMap<NDArray, NDArray> resources(NDScope scope) {
        return (IdentityHashMap<NDArray, NDArray>) RESOURCES.get(scope);
    }

    /**
     * Leaves alone what hangs on a manager of somebody else's making: arrays that are neither on a manager that owns one of
     * these parameters nor below it, and the parameters themselves.
     *
     * @param parameters the parameters of the module that is run
     */
    public void spareArraysOfOthers(Collection<Parameter> parameters) {
        Set<Object> own = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Parameter parameter : parameters) {
            if (parameter.isInitialized()) {
                arrays.remove(parameter.getArray());
                own.add(parameter.getArray().getManager());
            }
        }
        arrays.keySet().removeIf(array -> !array.isReleased() && !isBelow(own, array.getManager()));
    }

    /**
     * Whether a manager is one of some managers or below one of them.
     *
     * @param managers the managers, compared by identity
     * @param manager the one that is looked at
     * @return true if it is
     */
    public static boolean isBelow(Set<?> managers, NDManager manager) {
        for (NDManager each = manager;
                each != null && each != each.getParentManager();
                each = each.getParentManager()) {
            if (managers.contains(each)) {
                return true;
            }
        }
        return false;
    }

    /** Closes this scope and every one opened after it on this thread and left open. */
    @Override
    public void close() {
        Deque<NDScope> open = STACK.get();
        if (!open.contains(this)) {
            return;
        }
        while (open.peekLast() != this) {
            open.peekLast().close();
        }
        super.close();
        arrays.clear();
    }

    /** An identity map that also keeps the direct buffer behind each array it has ever seen. */
    private static final class BufferKeepingMap extends IdentityHashMap<NDArray, NDArray> {
        private static final long serialVersionUID = 1L;

        private final transient ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();

        @Override
        public @Nullable NDArray put(NDArray key, NDArray value) {
            retain(key);
            return super.put(key, value);
        }

        void retain(NDArray array) {
            if (array instanceof PtNDArray) {
                ByteBuffer buffer = (ByteBuffer) BUFFER.get(array);
                if (buffer != null) {
                    buffers.add(buffer);
                }
            }
        }

        @Override
        public void clear() {
            super.clear();
            buffers.clear();
        }
    }
}
