using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p ping PEER</c>: round trips over one stream, reported as <c>ping</c> does.</summary>
internal static class PingCommand
{
    public static Command Create(CommonOptions common)
    {
        var peer = DialingCommand.Peer();
        var count = new Option<int>("--count", "-c") { Description = "How many pings; 0 goes on until interrupted.", DefaultValueFactory = _ => 5, HelpName = "N" };
        var interval = new Option<double>("--interval", "-i") { Description = "Seconds between two pings.", DefaultValueFactory = _ => 1, HelpName = "SECONDS" };
        var timeout = DialingCommand.Timeout();
        var command = new Command("ping", "Ping a peer.") { peer, count, interval, timeout };
        command.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            var pings = new Pings(result.GetValue(count), TimeSpan.FromSeconds(Math.Clamp(result.GetValue(interval), 0, 3600)), settings, Console.Out);
            return DialingCommand.RunAsync(settings, result.GetRequiredValue(peer), result.GetValue(timeout), pings.RunAsync, cancellationToken);
        });
        return command;
    }

    private sealed class Pings(int count, TimeSpan interval, Settings settings, TextWriter output)
    {
        private readonly List<double> _milliseconds = [];
        private int _sent;

        public async Task<int> RunAsync(INode node, IConnection connection, CancellationToken cancellationToken)
        {
            var ping = node.Require<IPingService>("ping");
            if (!settings.Json)
            {
                output.WriteLine($"PING {connection.RemotePeer} at {connection.Remote} over {connection.Security?.Value ?? "its transport"}, {connection.Muxer?.Value ?? "its transport"}: 32 bytes");
            }

            Exception? failure = null;
            try
            {
                await using var rounds = ping.PingAsync(connection, cancellationToken).GetAsyncEnumerator(cancellationToken);
                while (count == 0 || _sent < count)
                {
                    if (_sent > 0) await Task.Delay(interval, cancellationToken).ConfigureAwait(false);
                    _sent++;
                    if (!await rounds.MoveNextAsync().ConfigureAwait(false)) break;
                    Report(connection, rounds.Current.TotalMilliseconds);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (Libp2pException e)
            {
                failure = e;
            }

            Summarise(connection);
            if (failure is not null) return Failure.Report(failure, settings, output, Console.Error);
            return _milliseconds.Count > 0 ? ExitCode.Success : ExitCode.Of(ConnectionLayer.Protocol);
        }

        private void Report(IConnection connection, double milliseconds)
        {
            _milliseconds.Add(milliseconds);
            if (!settings.Json)
            {
                output.WriteLine(FormattableString.Invariant($"32 bytes from {connection.RemotePeer}: seq={_sent} time={milliseconds:0.000} ms"));
                return;
            }

            JsonLine.Write(output, json =>
            {
                json.WriteString("event", "ping");
                json.WriteNumber("seq", _sent);
                json.WriteNumber("ms", milliseconds);
            });
        }

        private void Summarise(IConnection connection)
        {
            var answered = _milliseconds.Count;
            var (min, mean, max) = answered == 0 ? (0, 0, 0) : (_milliseconds.Min(), _milliseconds.Average(), _milliseconds.Max());
            var deviation = answered == 0 ? 0 : Math.Sqrt(_milliseconds.Average(ms => (ms - mean) * (ms - mean)));
            if (settings.Json)
            {
                JsonLine.Write(output, json =>
                {
                    json.WriteString("event", "summary");
                    json.WriteString("peer", connection.RemotePeer.ToString());
                    json.WriteNumber("sent", _sent);
                    json.WriteNumber("answered", answered);
                    json.WriteNumber("minMs", min);
                    json.WriteNumber("avgMs", mean);
                    json.WriteNumber("maxMs", max);
                    json.WriteNumber("mdevMs", deviation);
                });
                return;
            }

            output.WriteLine($"--- {connection.RemotePeer} ping statistics ---");
            output.WriteLine(FormattableString.Invariant($"{_sent} sent, {answered} answered, {(_sent == 0 ? 0 : 100.0 * (_sent - answered) / _sent):0} % lost"));
            if (answered > 0) output.WriteLine(FormattableString.Invariant($"rtt min/avg/max/mdev = {min:0.000}/{mean:0.000}/{max:0.000}/{deviation:0.000} ms"));
        }
    }
}
