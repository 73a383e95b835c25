package hoag.galaxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;

final class TestJson {
    private final String s;
    private int i;
    TestJson(String s) { this.s = s; }
    Object read() {
        ws();
        char c = s.charAt(i);
        if (c == '{') { i++; var m = new LinkedHashMap<String, Object>(); ws(); while (s.charAt(i) != '}') { ws(); var k = (String) read(); ws(); i++; m.put(k, read()); ws(); if (s.charAt(i) == ',') { i++; ws(); } } i++; return m; }
        if (c == '[') { i++; var l = new ArrayList<Object>(); ws(); while (s.charAt(i) != ']') { l.add(read()); ws(); if (s.charAt(i) == ',') { i++; ws(); } } i++; return l; }
        if (c == '"') { int e = s.indexOf('"', i + 1); var t = s.substring(i + 1, e); i = e + 1; return t; }
        int e = i; while (e < s.length() && ",]} \n\r\t".indexOf(s.charAt(e)) < 0) e++;
        var t = s.substring(i, e); i = e;
        return switch (t) { case "null" -> null; case "true" -> true; case "false" -> false; default -> Double.valueOf(t); };
    }
    private void ws() { while (i < s.length() && Character.isWhitespace(s.charAt(i))) i++; }
}
