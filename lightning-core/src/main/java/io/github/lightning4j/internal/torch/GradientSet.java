package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import io.github.lightning4j.internal.name.FreeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a list of parameters, as libtorch holds them: scaled, clipped, zeroed and read in place. They are
 * fetched once and kept, since libtorch accumulates into the same tensors for the whole run.
 *
 * <p>Frozen parameters are left out of everything but {@link #zero} and {@link #defined}, and parameters that backward
 * never reached have no gradient. Each call first notices parameters that were frozen, replaced or reached since the last.
 */
public final class GradientSet implements AutoCloseable {
    private static final double EPSILON = 1e-6;

    private final List<GradientHandle> handles = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private List<TensorList> live = List.of();
    private List<TensorList> frozen = List.of();
    private @Nullable GradientProbe probe;
    private long version;

    /**
     * Creates the set; parameters may still be uninitialised.
     *
     * @param parameters name and parameter, each once
     */
    public GradientSet(PairList<String, Parameter> parameters) {
        add(parameters);
    }

    /**
     * Adds parameters at the end.
     *
     * @param parameters name and parameter, none of them in the set yet; names that are there already are numbered
     */
    public void add(PairList<String, Parameter> parameters) {
        for (Pair<String, Parameter> pair : parameters) {
            handles.add(new GradientHandle(FreeName.take(pair.getKey(), names), pair.getValue()));
        }
    }

    /**
     * Names the parameters that are among these anew.
     *
     * @param known parameter and name
     */
    public void rename(Map<Parameter, String> known) {
        names.clear();
        for (GradientHandle handle : handles) {
            String name = known.get(handle.parameter());
            handle.rename(FreeName.take(name == null ? handle.name() : name, names));
        }
    }

    /** Sets every gradient to zero. */
    public void zero() {
        refresh();
        live.forEach(TensorList::zeroi);
        frozen.forEach(TensorList::zeroi);
    }

    /**
     * Multiplies every gradient.
     *
     * @param factor the factor
     */
    public void scale(double factor) {
        refresh();
        for (TensorList list : live) {
            list.muli(factor);
        }
    }

    /**
     * The norm over all gradients together.
     *
     * @param p 1, 2 or infinity
     * @return the norm; 0 if there is no gradient
     */
    public double norm(double p) {
        refresh();
        if (live.size() == 1) {
            return live.get(0).norm(p);
        }
        double total = 0;
        for (TensorList list : live) {
            double norm = list.norm(p);
            total = Double.isInfinite(p) ? Math.max(total, norm) : total + Math.pow(norm, p);
        }
        return Double.isInfinite(p) ? total : Math.pow(total, 1 / p);
    }

    /**
     * Scales all gradients down so that their common norm is at most a bound, as torch's {@code clip_grad_norm_}: by
     * {@code maxNorm / (norm + 1e-6)} where that is below 1.
     *
     * @param maxNorm the bound
     * @param p 1, 2 or infinity
     * @return the norm before clipping
     */
    public double clipByNorm(double maxNorm, double p) {
        double norm = norm(p);
        shrink(norm, maxNorm);
        return norm;
    }

    /**
     * The scaling of {@link #clipByNorm} for a norm that is known.
     *
     * @param norm the norm over all gradients
     * @param maxNorm the bound
     */
    public void shrink(double norm, double maxNorm) {
        double factor = maxNorm / (norm + EPSILON);
        if (!(factor >= 1)) {
            scale(factor);
        }
    }

    /**
     * Limits every element to the interval from {@code -value} to {@code value}, as torch's {@code clip_grad_value_}.
     *
     * @param value the bound
     */
    public void clipByValue(double value) {
        refresh();
        for (TensorList list : live) {
            list.clampi(-value, value);
        }
    }

    /**
     * Looks for a gradient with an infinite element or a NaN.
     *
     * @return the name of the first parameter that has one, or null
     */
    public @Nullable String firstNonFinite() {
        refresh();
        for (GradientHandle handle : handles) {
            NDArray gradient = handle.live() ? handle.gradient() : null;
            if (gradient != null && gradient.size() > 0 && !isFinite(gradient)) {
                return handle.name();
            }
        }
        return null;
    }

    private static boolean isFinite(NDArray gradient) {
        try (TensorList list = TensorList.of(List.of(gradient))) {
            return Double.isFinite(list.norm(Double.POSITIVE_INFINITY));
        }
    }

    /**
     * The gradients there are, those of frozen parameters included: what a checkpoint holds inside an accumulation window.
     *
     * @return name and live gradient; not to be closed
     */
    public PairList<String, NDArray> defined() {
        refresh();
        PairList<String, NDArray> result = new PairList<>();
        for (GradientHandle handle : handles) {
            if (handle.gradient() != null) {
                result.add(handle.name(), handle.gradient());
            }
        }
        return result;
    }

    /**
     * Gives a parameter a gradient with the bits of a saved one.
     *
     * @param name the parameter's name
     * @param saved the gradient, of the parameter's shape and dtype; copied
     * @return false if no parameter has that name
     */
    public boolean restore(String name, NDArray saved) {
        return restore(name, handle -> handle.restore(saved));
    }

    /**
     * Gives a parameter a gradient of zeros.
     *
     * @param name the parameter's name
     * @return false if no parameter has that name
     */
    public boolean restoreZero(String name) {
        return restore(name, GradientHandle::restoreZero);
    }

    private boolean restore(String name, Consumer<GradientHandle> how) {
        refresh();
        for (GradientHandle handle : handles) {
            if (handle.name().equals(name)) {
                how.accept(handle);
                rebuild();
                return true;
            }
        }
        return false;
    }

    /**
     * The parameters' names.
     *
     * @return the names, in the order of the parameters
     */
    public List<String> names() {
        return handles.stream().map(GradientHandle::name).toList();
    }

    /**
     * Notices what changed: parameters that were frozen, unfrozen, initialised, replaced or reached by backward.
     *
     * @return a number that rises with every change
     */
    public long refresh() {
        boolean changed = false;
        for (int i = 0; i < handles.size(); i++) {
            changed |= handles.get(i).follow();
        }
        if (changed) {
            rebuild();
        }
        if (probe != null && probe.fetch()) {
            rebuild();
        }
        return version;
    }

    /**
     * The gradient of one parameter, as of the last {@link #refresh}.
     *
     * @param index the parameter's position
     * @return the live gradient, or null while the parameter is frozen or has none
     */
    public @Nullable NDArray gradient(int index) {
        GradientHandle handle = handles.get(index);
        return handle.live() ? handle.gradient() : null;
    }

    private void rebuild() {
        version++;
        closeLists();
        List<GradientHandle> waiting = new ArrayList<>();
        List<NDArray> ofLive = new ArrayList<>();
        List<NDArray> ofFrozen = new ArrayList<>();
        for (GradientHandle handle : handles) {
            NDArray gradient = handle.gradient();
            if (gradient != null) {
                (handle.live() ? ofLive : ofFrozen).add(gradient);
            } else if (handle.live()) {
                waiting.add(handle);
            }
        }
        live = lists(ofLive);
        frozen = lists(ofFrozen);
        probe = waiting.isEmpty() ? null : new GradientProbe(waiting);
    }

    private static List<TensorList> lists(List<NDArray> gradients) {
        Map<List<Object>, List<NDArray>> byKind = new LinkedHashMap<>();
        for (NDArray gradient : gradients) {
            if (gradient.size() > 0) {
                byKind.computeIfAbsent(List.of(gradient.getDataType(), gradient.getDevice()), kind -> new ArrayList<>())
                        .add(gradient);
            }
        }
        Collection<List<NDArray>> kinds = byKind.values();
        return kinds.stream().map(TensorList::of).toList();
    }

    private void closeLists() {
        live.forEach(TensorList::close);
        frozen.forEach(TensorList::close);
        if (probe != null) {
            probe.close();
        }
        live = List.of();
        frozen = List.of();
        probe = null;
    }

    /** Lets go of the gradients; libtorch keeps them with their parameters. */
    @Override
    public void close() {
        closeLists();
        handles.forEach(GradientHandle::close);
    }
}
