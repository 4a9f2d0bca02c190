using System.Text.Encodings.Web;
using System.Text.Json;
using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Racing;

namespace Libp2p.Benchmarks.Reporting;

/// <summary>All numbers, every round of them.</summary>
internal static class JsonReport
{
    public static void Write(Report report, Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        Write(report.Machine, report.LoadAfter, json);
        json.WriteNumber("rounds", report.Rounds);
        json.WriteStartArray("figures");
        foreach (var outcome in report.Outcomes) Write(outcome, json);
        json.WriteEndArray();
        json.WriteStartArray("growth");
        foreach (var growth in report.Growths)
        {
            json.WriteStartObject();
            json.WriteString("series", growth.Series);
            json.WriteString("who", growth.Contender);
            json.WriteNumber("from", growth.From);
            json.WriteNumber("to", growth.To);
            json.WriteNumber("exponent", growth.Exponent);
            json.WriteBoolean("superlinear", growth.IsSuperlinear);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("targets");
        foreach (var verdict in report.Verdicts)
        {
            json.WriteStartObject();
            json.WriteString("figure", verdict.Figure.Key);
            json.WriteString("who", verdict.Target.Who);
            json.WriteString("wanted", verdict.Wanted);
            json.WriteNumber("got", verdict.Got);
            json.WriteBoolean("reached", verdict.Reached);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Machine machine, double? loadAfter, Utf8JsonWriter json)
    {
        json.WriteStartObject("machine");
        json.WriteString("started", machine.Started);
        json.WriteString("processor", machine.Processor);
        json.WriteNumber("cores", machine.Cores);
        json.WriteString("system", machine.System);
        json.WriteString("runtime", machine.Runtime);
        json.WriteString("congestionControl", machine.Congestion);
        Number(json, "loadBefore", machine.LoadBefore);
        Number(json, "loadAfter", loadAfter);
        json.WriteEndObject();
    }

    private static void Write(Outcome outcome, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("key", outcome.Figure.Key);
        json.WriteString("title", outcome.Figure.Title);
        json.WriteString("unit", outcome.Figure.Unit);
        json.WriteBoolean("moreIsBetter", outcome.Figure.MoreIsBetter);
        json.WriteStartArray("contenders");
        foreach (var (name, series) in outcome.Contenders)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            Number(json, "median", series.Median);
            json.WriteStartArray("rounds");
            foreach (var value in series.Values)
            {
                if (value is { } number) json.WriteNumberValue(number);
                else json.WriteNullValue();
            }

            json.WriteEndArray();
            Number(json, "oursToIt", outcome.Of(Contender.Ours)?.RatioTo(series));
            Number(json, "inlineToIt", outcome.Of(Contender.Inline)?.RatioTo(series));
            Number(json, "cpu", series.Cpu);
            json.WriteString("cpuUnit", series.CpuUnit);
            Number(json, "oursToItCpu", outcome.Of(Contender.Ours)?.CpuRatioTo(series));
            Number(json, "allocatedDialer", series.Allocated.Dialer);
            Number(json, "allocatedServer", series.Allocated.Server);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
