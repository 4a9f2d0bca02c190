using System.Globalization;
using System.Net;
using System.Text;

namespace Libp2p.TestKit;

/// <summary>
/// Draws a finished run as one HTML file that needs nothing else: time from left to right, a row a host, connections between rows, faults behind all of it. Made from the trace alone,
/// so that a drawing is the same for every run of a seed.
/// </summary>
public static class SimulationDrawing
{
    private const int Left = 120;
    private const int Top = 44;
    private const int Width = 1600;

    /// <summary>The most events drawn; what is beyond is left out, and said so.</summary>
    private const int MostMarks = 20_000;

    /// <summary>The page.</summary>
    public static string ToHtml(this SimulationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Draw(result.Trace, result.VirtualTime, string.Create(
            CultureInfo.InvariantCulture, $"seed {result.Seed}: {result.VirtualTime.TotalSeconds:0.###} s, {result.Events} events"));
    }

    /// <summary>The page of a run that is under way or has failed.</summary>
    public static string ToHtml(this Simulation simulation)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        return Draw(simulation.Trace, simulation.Now, string.Create(CultureInfo.InvariantCulture, $"seed {simulation.Seed}: {simulation.Now.TotalSeconds:0.###} s"));
    }

    private static string Draw(SimulationTrace trace, TimeSpan length, string title)
    {
        var picture = new Picture(trace, length);
        return $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>{{Escape(title)}}</title>
            <style>
            body { font: 13px system-ui, sans-serif; margin: 16px; color: #222; background: #fff }
            h1 { font-size: 16px; margin: 0 0 4px } p { margin: 2px 0 10px; color: #555 }
            #view { overflow-x: auto; border: 1px solid #ddd }
            svg { display: block } text { font: 11px system-ui, sans-serif; fill: #333 }
            .host { stroke: #ccc } .down { stroke: #d33; stroke-width: 4; opacity: .35 } .tick { stroke: #eee }
            .dial { stroke: #27b; fill: none } .bad { stroke: #d33; fill: none; stroke-dasharray: 3 2 }
            .up { stroke: #27b; opacity: .45 } .fault { fill: #d93; opacity: .16 } .mark { stroke: #d93; stroke-width: 1.5 }
            .note { fill: #693 } .stream { stroke: #85b; stroke-linecap: round } .event { fill: #555 } .end { fill: #d33 } .change { fill: #222 }
            .names rect { fill: #fff; opacity: .9 } .off { display: none }
            label { margin-right: 14px } #line { min-height: 2.6em; font: 12px ui-monospace, monospace; white-space: pre-wrap; margin-top: 8px }
            </style></head><body>
            <h1>{{Escape(title)}}</h1>
            <p>{{Escape(picture.Summary)}}</p>
            <p>
            <label><input type="checkbox" data-show="c" checked> <span style="color:#27b">connections</span></label>
            <label><input type="checkbox" data-show="s" checked> <span style="color:#85b">streams handled</span></label>
            <label><input type="checkbox" data-show="e" checked> <span style="color:#555">node events</span></label>
            <label><input type="checkbox" data-show="f" checked> <span style="color:#b71">faults</span></label>
            <label><input type="checkbox" data-show="n" checked> <span style="color:#693">notes</span></label>
            <label>zoom <input type="range" id="zoom" min="1" max="20" step="0.5" value="1"></label>
            </p>
            <div id="view">{{picture.Svg}}</div>
            <div id="line">Point at something.</div>
            <script>
            const view = document.getElementById('view'), svg = view.querySelector('svg'), line = document.getElementById('line'), zoom = document.getElementById('zoom');
            document.querySelectorAll('input[data-show]').forEach(box => box.onchange = () =>
              svg.querySelectorAll('.g-' + box.dataset.show).forEach(g => g.classList.toggle('off', !box.checked)));
            const left = {{Left}}, width = {{Width}}, height = svg.getAttribute('height'), names = svg.querySelector('.names');
            const marks = [...svg.querySelectorAll('[x1],[cx],rect[width],path,.time')].filter(one => !names.contains(one)).map(one => {
              const was = name => +one.getAttribute(name), at = (name, x) => one.setAttribute(name, x);
              if (one.hasAttribute('x1')) { const a = was('x1'), b = was('x2'); return x => { at('x1', x(a)); at('x2', x(b)); }; }
              if (one.hasAttribute('cx')) { const a = was('cx'); return x => at('cx', x(a)); }
              if (one.tagName === 'rect') { const a = was('x'), w = was('width'); return x => { at('x', x(a)); at('width', Math.max(1.5, x(a + w) - x(a))); }; }
              if (one.tagName === 'path') { const a = +one.getAttribute('d').slice(1).split(' ')[0]; return x => at('transform', `translate(${x(a) - a} 0)`); }
              const a = was('x'); return x => at('x', x(a));
            });
            const draw = () => {
              const times = Math.max(.1, (view.clientWidth - left - 40) / width) * zoom.value;
              marks.forEach(put => put(x => left + (x - left) * times));
              const all = left + width * times + 30;
              svg.setAttribute('width', all); svg.setAttribute('viewBox', `0 0 ${all} ${height}`);
              view.onscroll();
            };
            view.onscroll = () => names.setAttribute('transform', `translate(${view.scrollLeft} 0)`);
            zoom.oninput = onresize = draw;
            svg.onmouseover = e => { const t = e.target.querySelector && e.target.querySelector('title'); if (t) line.textContent = t.textContent; };
            draw();
            </script></body></html>
            """;
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The picture of one trace.</summary>
    private sealed class Picture
    {
        private readonly StringBuilder _connections = new();
        private readonly StringBuilder _streams = new();
        private readonly StringBuilder _faults = new();
        private readonly StringBuilder _events = new();
        private readonly StringBuilder _notes = new();
        private readonly Dictionary<string, int> _rows = [];
        private readonly Dictionary<(string Address, string Port), string> _hostOf = [];
        private readonly Dictionary<(string Host, string Local, string Remote), (TimeSpan Since, int Slot)> _up = [];
        private readonly Dictionary<string, TimeSpan> _down = [];
        private readonly Dictionary<string, TimeSpan> _begun = [];
        private readonly TimeSpan _length;
        private readonly double _rowHeight;
        private int _marks;
        private int _dials;
        private int _failed;
        private int _faultCount;

        public Picture(SimulationTrace trace, TimeSpan length)
        {
            _length = length > TimeSpan.Zero ? length : TimeSpan.FromTicks(1);
            foreach (var happened in trace.Events)
            {
                if (happened.Host is { } host) _rows.TryAdd(host, _rows.Count);
                if (happened is HostEvent { Change: HostChange.Started, Host: { } name } started)
                {
                    foreach (var address in started.Detail.Split(' ')) _hostOf.TryAdd((address, ""), name);
                }
            }

            _rowHeight = Math.Clamp(900.0 / Math.Max(1, _rows.Count), 9, 60);
            foreach (var happened in trace.Events) Take(happened);
            foreach (var (key, (since, slot)) in _up) Line(_connections, "up", since, _length, key.Host, $"{key.Local} > {key.Remote}", slot);
            foreach (var (host, since) in _down) Line(_faults, "down", since, _length, host, "crashed");
            foreach (var (fault, since) in _begun) Band(since, _length, fault);
            Summary = string.Create(CultureInfo.InvariantCulture, $"{_rows.Count} hosts, {_dials} connections dialed, {_failed} failed, {_faultCount} faults, {trace.Count} events{(trace.Count > trace.Events.Count ? $" of which the last {trace.Events.Count} were kept" : "")}{(_marks > MostMarks ? $"; {_marks - MostMarks} marks are left out" : "")}");
            Svg = Frame();
        }

        public string Summary { get; }

        public string Svg { get; }

        /// <summary>How many bars a host's row has a place for; what is beyond shares the first.</summary>
        private int Slots => Math.Max(1, (int)(_rowHeight / 2 / (Thickness + 1)));

        private double Thickness => Math.Max(1.5, _rowHeight / 14);

        private double Height => Top + (_rowHeight * _rows.Count) + 12;

        private void Take(SimulationEvent happened)
        {
            switch (happened)
            {
                case StreamEvent stream:
                    TakeSocket(stream);
                    break;
                case HostEvent { Host: { } host, Change: HostChange.Crashed }:
                    _down[host] = happened.At;
                    _faultCount++;
                    foreach (var key in _up.Keys.Where(key => key.Host == host).ToList()) EndBar(key, happened.At, "crashed");
                    break;
                case HostEvent { Host: { } host, Change: HostChange.Restarted }:
                    if (_down.Remove(host, out var since)) Line(_faults, "down", since, happened.At, host, "crashed");
                    break;
                case HostEvent { Host: { } host, Change: HostChange.ClockJumped }:
                    Dot(_faults, "change", happened, host);
                    break;
                case FaultEvent fault:
                    TakeFault(fault);
                    break;
                case NoteEvent note:
                    Dot(_notes, "note", happened, note.Host);
                    break;
                case NodeTraceEvent { Host: { } host }:
                    Dot(_events, "event", happened, host);
                    break;
                case StreamHandledEvent { Host: { } host } handled:
                    Line(_streams, "stream", handled.Since, handled.At, host, $"stream {handled.Protocol}", -2);
                    break;
            }
        }

        private void TakeSocket(StreamEvent stream)
        {
            var key = (stream.Host ?? "", $"{stream.Local}", $"{stream.Remote}");
            switch (stream.Change)
            {
                case StreamChange.Connecting:
                    _dials++;
                    break;
                case StreamChange.Failed:
                    _failed++;
                    Between(stream, "bad");
                    break;
                case StreamChange.Connected:
                    Between(stream, "dial");
                    Begin(key, stream.At);
                    break;
                case StreamChange.Accepted:
                    Begin(key, stream.At);
                    break;
                case StreamChange.Closed or StreamChange.Aborted or StreamChange.Broken:
                    EndBar(key, stream.At, $"{stream.Change}");
                    if (stream.Change != StreamChange.Closed) Dot(_connections, "end", stream, stream.Host);
                    break;
            }
        }

        /// <summary>A bar for a connection, beside those of the host that are up.</summary>
        private void Begin((string Host, string Local, string Remote) key, TimeSpan at)
        {
            var taken = _up.Where(one => one.Key.Host == key.Host).Select(static one => one.Value.Slot).ToHashSet();
            _up[key] = (at, Enumerable.Range(0, Slots).FirstOrDefault(slot => !taken.Contains(slot)));
        }

        private void EndBar((string Host, string Local, string Remote) key, TimeSpan at, string how)
        {
            if (_up.Remove(key, out var bar)) Line(_connections, "up", bar.Since, at, key.Host, $"{key.Local} > {key.Remote}: {how}", bar.Slot);
        }

        private void TakeFault(FaultEvent fault)
        {
            _faultCount++;
            var healed = fault.Fault.StartsWith("healed ", StringComparison.Ordinal) ? fault.Fault["healed ".Length..] : null;
            if (healed is not null && _begun.Remove(healed, out var since))
            {
                _faultCount--;
                Band(since, fault.At, healed);
            }
            else if (healed is null && fault.Fault.StartsWith("partition ", StringComparison.Ordinal))
            {
                // Its kind, then the hosts, by which alone its end names it.
                _begun[string.Join(' ', fault.Fault.Split(' ').Skip(2))] = fault.At;
            }
            else if (TryMark())
            {
                _faults.Append(CultureInfo.InvariantCulture, $"<line class=\"mark\" x1=\"{X(fault.At):0.#}\" x2=\"{X(fault.At):0.#}\" y1=\"{Top - 14}\" y2=\"{Height:0.#}\">{Title(fault)}</line>");
            }
        }

        private void Between(StreamEvent stream, string style)
        {
            if (stream.Host is not { } from || !_rows.ContainsKey(from) || stream.Remote is not IPEndPoint { Address: var address } || !TryMark()) return;
            var x = X(stream.At);
            var to = _hostOf.TryGetValue(($"{address}", ""), out var other) ? Y(other) : Y(from) - (_rowHeight / 2);
            _connections.Append(CultureInfo.InvariantCulture, $"<path class=\"{style}\" d=\"M{x:0.#} {Y(from):0.#} Q{x + 6:0.#} {(Y(from) + to) / 2:0.#} {x:0.#} {to:0.#}\">{Title(stream)}</path>");
        }

        /// <param name="slot">How many bars above the middle of the row; below it where it is negative.</param>
        private void Line(StringBuilder group, string style, TimeSpan from, TimeSpan to, string host, string text, int slot = 0)
        {
            if (!_rows.ContainsKey(host) || !TryMark()) return;
            var y = Y(host) - (slot * (Thickness + 1));
            group.Append(CultureInfo.InvariantCulture, $"<line class=\"{style}\" stroke-width=\"{Thickness:0.#}\" x1=\"{X(from):0.#}\" x2=\"{X(to):0.#}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"><title>{Escape(string.Create(CultureInfo.InvariantCulture, $"{from.TotalSeconds:0.###} to {to.TotalSeconds:0.###} s {host} {text}"))}</title></line>");
        }

        private void Band(TimeSpan from, TimeSpan to, string text)
        {
            if (!TryMark()) return;
            _faults.Append(CultureInfo.InvariantCulture, $"<rect class=\"fault\" x=\"{X(from):0.#}\" y=\"{Top - 14}\" width=\"{Math.Max(1.5, X(to) - X(from)):0.#}\" height=\"{Height - Top + 14:0.#}\"><title>{Escape(string.Create(CultureInfo.InvariantCulture, $"{from.TotalSeconds:0.###} to {to.TotalSeconds:0.###} s partition {text}"))}</title></rect>");
        }

        private void Dot(StringBuilder group, string style, SimulationEvent happened, string? host)
        {
            if (!TryMark()) return;
            var y = host is null ? Top - 8 : Y(host);
            group.Append(CultureInfo.InvariantCulture, $"<circle class=\"{style}\" cx=\"{X(happened.At):0.#}\" cy=\"{y:0.#}\" r=\"{Math.Clamp(_rowHeight / 9, 1.6, 3.5):0.#}\">{Title(happened)}</circle>");
        }

        private string Frame()
        {
            var svg = new StringBuilder();
            svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Left + Width + 30}\" height=\"{Height:0.#}\" viewBox=\"0 0 {Left + Width + 30} {Height:0.#}\">");
            var step = Step(_length);
            for (var at = TimeSpan.Zero; at <= _length; at += step)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<line class=\"tick\" x1=\"{X(at):0.#}\" x2=\"{X(at):0.#}\" y1=\"{Top - 14}\" y2=\"{Height:0.#}\"/><text class=\"time\" x=\"{X(at):0.#}\" y=\"14\" text-anchor=\"middle\">{at.TotalSeconds:0.######} s</text>");
            }

            svg.Append("<g class=\"g-f\">").Append(_faults).Append("</g>");
            foreach (var (host, _) in _rows) svg.Append(CultureInfo.InvariantCulture, $"<line class=\"host\" x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{Y(host):0.#}\" y2=\"{Y(host):0.#}\"/>");
            svg.Append("<g class=\"g-c\">").Append(_connections).Append("</g><g class=\"g-s\">").Append(_streams).Append("</g><g class=\"g-e\">").Append(_events).Append("</g><g class=\"g-n\">").Append(_notes).Append("</g>");
            svg.Append(CultureInfo.InvariantCulture, $"<g class=\"names\"><rect x=\"0\" y=\"{Top}\" width=\"{Left - 4}\" height=\"{Height - Top:0.#}\"/>");
            foreach (var (host, _) in _rows)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{Y(host) + 3.5:0.#}\" text-anchor=\"end\" style=\"font-size:{Math.Clamp(_rowHeight, 8, 12):0.#}px\">{Escape(host.Length > 16 ? host[..15] + "…" : host)}</text>");
            }

            svg.Append("</g></svg>");
            return svg.ToString();
        }

        /// <summary>Between two ticks: 1, 2 or 5 of a power of ten, for 5 to 12 ticks.</summary>
        private static TimeSpan Step(TimeSpan length)
        {
            var power = Math.Pow(10, Math.Floor(Math.Log10(length.TotalSeconds / 5)));
            var step = new[] { 1, 2, 5 }.Last(times => times == 1 || times * power <= length.TotalSeconds / 5) * power;
            return TimeSpan.FromTicks(Math.Max(1, (long)(step * TimeSpan.TicksPerSecond)));
        }

        private bool TryMark() => ++_marks <= MostMarks;

        private double X(TimeSpan at) => Left + (Width * (at / _length));

        private double Y(string host) => Top + (_rowHeight * (_rows[host] + 0.5));

        private static string Title(SimulationEvent happened) => $"<title>{Escape(happened.Line)}</title>";
    }
}
