package io.github.lightning4j.plot;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What is in an SVG, read as XML. */
final class SvgParts {
    private final Document document;

    SvgParts(Plot plot) {
        try {
            document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(plot.toSvg().getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new AssertionError(plot.toSvg(), e);
        }
    }

    List<Element> all(String tag) {
        NodeList nodes = document.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    List<Element> all(String tag, String attribute, String value) {
        return all(tag).stream()
                .filter(each -> each.getAttribute(attribute).equals(value))
                .toList();
    }

    List<String> texts() {
        return all("text").stream().map(Element::getTextContent).toList();
    }

    /** Where a text is: x and y. */
    double[] place(String text) {
        Element found = all("text").stream()
                .filter(each -> each.getTextContent().equals(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError(text + " is not in " + texts()));
        return new double[] {number(found, "x"), number(found, "y")};
    }

    static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    /** The corners of a line or an area: x and y in turn. */
    static double[] points(Element element) {
        return Arrays.stream(element.getAttribute("points").split("[ ,]"))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
