package io.github.lightning4j.testing;

import io.github.lightning4j.Callback;
import io.github.lightning4j.SavePoint;
import java.lang.reflect.Proxy;
import java.util.List;

/** Callbacks that note every hook called, whichever hooks there are. */
public final class TracingCallback {
    private TracingCallback() {}

    /** A callback that adds "{@code name.hook}" to a list; a save point is named with its kind. */
    public static Callback named(String name, List<String> trace) {
        return (Callback) Proxy.newProxyInstance(
                TracingCallback.class.getClassLoader(), new Class<?>[] {Callback.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "stateKey", "toString":
                            return name;
                        case "equals":
                            return proxy == arguments[0];
                        case "hashCode":
                            return System.identityHashCode(proxy);
                        default:
                            Object last = arguments[arguments.length - 1];
                            trace.add(name + "." + method.getName()
                                    + (last instanceof SavePoint point ? " " + point : ""));
                            return null;
                    }
                });
    }
}
