using System.CommandLine;
using System.Globalization;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p perf PEER</c>: the throughput to a peer and back, with progress.</summary>
internal static class PerfCommand
{
    private const long Default = 64L << 20;

    public static Command Create(CommonOptions common)
    {
        var peer = DialingCommand.Peer();
        var upload = Size("--upload", "-u", "Bytes to send, as 1000000, 64KiB, 100MiB or 2GiB.");
        var download = Size("--download", "-d", "Bytes to receive, likewise.");
        var timeout = DialingCommand.Timeout();
        var command = new Command("perf", "Measure the throughput to a peer and back. It must serve measurements (Libp2p:Plugins:perf:Serve).") { peer, upload, download, timeout };
        command.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            var measuring = new Measuring(result.GetValue(upload), result.GetValue(download), settings, Console.Out, !settings.Json && !Console.IsOutputRedirected);
            return DialingCommand.RunAsync(settings, result.GetRequiredValue(peer), result.GetValue(timeout), measuring.RunAsync, cancellationToken);
        });
        return command;
    }

    private static Option<long> Size(string name, string alias, string description) => new(name, alias)
    {
        Description = $"{description} Default: 64MiB.",
        HelpName = "BYTES",
        DefaultValueFactory = _ => Default,
        CustomParser = argument =>
        {
            if (TryParse(argument.Tokens[0].Value, out var bytes)) return bytes;
            argument.AddError($"'{argument.Tokens[0].Value}' is no number of bytes; give one as 1000000, 64KiB, 100MiB or 2GiB.");
            return 0;
        },
    };

    internal static bool TryParse(string text, out long bytes)
    {
        var shift = 0;
        foreach (var (suffix, power) in new[] { ("KiB", 10), ("MiB", 20), ("GiB", 30) })
        {
            if (!text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) continue;
            (text, shift) = (text[..^suffix.Length], power);
            break;
        }

        var ok = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes) && bytes <= 1L << 62 - shift;
        bytes = ok ? bytes << shift : 0;
        return ok;
    }

    private sealed class Measuring(long upload, long download, Settings settings, TextWriter output, bool redraws) : IProgress<PerfProgress>
    {
        private long _moved;
        private TimeSpan _at;

        public async Task<int> RunAsync(INode node, IConnection connection, CancellationToken cancellationToken)
        {
            var perf = node.Require<IPerfService>("perf");
            if (!settings.Json)
            {
                output.WriteLine($"PERF {connection.RemotePeer} at {connection.Remote} over {connection.Security?.Value ?? "its transport"}, {connection.Muxer?.Value ?? "its transport"}");
            }

            PerfResult result;
            try
            {
                result = await perf.MeasureAsync(connection, upload, download, this, cancellationToken).ConfigureAwait(false);
            }
            catch (UnsupportedProtocolException e)
            {
                throw new UnsupportedProtocolException($"{e.Message} A node of this kind serves measurements where Libp2p:Plugins:perf:Serve is true (Libp2p__Plugins__perf__Serve=true).", e.Offered);
            }
            finally
            {
                if (redraws) output.Write("\r\e[K");
            }

            Summarise(connection, result);
            return ExitCode.Success;
        }

        public void Report(PerfProgress value)
        {
            var moved = value.Uploaded + value.Downloaded;
            var rate = (moved - _moved) / Math.Max((value.Elapsed - _at).TotalSeconds, 1e-9);
            (_moved, _at) = (moved, value.Elapsed);
            if (settings.Json)
            {
                JsonLine.Write(output, json =>
                {
                    json.WriteString("event", "progress");
                    json.WriteNumber("uploaded", value.Uploaded);
                    json.WriteNumber("downloaded", value.Downloaded);
                    json.WriteNumber("seconds", value.Elapsed.TotalSeconds);
                });
            }
            else if (redraws)
            {
                output.Write($"\r\e[K{100.0 * moved / Math.Max(upload + download, 1),3:0} %  up {TerminalText.Bytes(value.Uploaded)}  down {TerminalText.Bytes(value.Downloaded)}  {TerminalText.Bytes(rate)}/s");
            }
        }

        private void Summarise(IConnection connection, PerfResult result)
        {
            if (settings.Json)
            {
                JsonLine.Write(output, json =>
                {
                    json.WriteString("event", "summary");
                    json.WriteString("peer", connection.RemotePeer.ToString());
                    json.WriteNumber("uploaded", result.Uploaded);
                    json.WriteNumber("uploadSeconds", result.UploadTime.TotalSeconds);
                    json.WriteNumber("downloaded", result.Downloaded);
                    json.WriteNumber("downloadSeconds", result.DownloadTime.TotalSeconds);
                });
                return;
            }

            if (result.Uploaded > 0) output.WriteLine(Line("up", result.Uploaded, result.UploadTime, result.UploadRate));
            if (result.Downloaded > 0) output.WriteLine(Line("down", result.Downloaded, result.DownloadTime, result.DownloadRate));
        }

        private static string Line(string way, long bytes, TimeSpan time, double rate) =>
            string.Create(CultureInfo.InvariantCulture, $"{way,-5}{TerminalText.Bytes(bytes),10} in {time.TotalSeconds:0.000} s  {TerminalText.Bytes(rate),10}/s");
    }
}
