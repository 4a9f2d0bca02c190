using System.Diagnostics;
using System.Text.Json;
using Libp2p.Multiformats;

namespace Libp2p.TestPeer.Serving;

/// <summary>The commands that a serving peer takes on standard input, one a line.</summary>
internal static class ServeCommands
{
    private static int _pushes;

    public static async Task RunAsync(Peer peer, TextReader input, CancellationToken cancellationToken)
    {
        // A console cannot be read with a token: the line is awaited beside the stop.
        while (await Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0) continue;
            if (words[0] == "stop") return;
            try
            {
                var answer = await AnswerAsync(peer, words, cancellationToken).ConfigureAwait(false);
                Lines.Print("command", json =>
                {
                    json.WriteString("command", words[0]);
                    json.WriteBoolean("ok", true);
                    answer(json);
                });
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Lines.Print("command", json =>
                {
                    json.WriteString("command", words[0]);
                    json.WriteBoolean("ok", false);
                    json.WriteString("error", e.Message);
                });
            }
        }
    }

    private static async Task<Action<Utf8JsonWriter>> AnswerAsync(Peer peer, string[] words, CancellationToken cancellationToken)
    {
        switch (words)
        {
            case ["mem"]:
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
                return json =>
                {
                    using var process = Process.GetCurrentProcess();
                    json.WriteNumber("rss", process.WorkingSet64);
                    json.WriteNumber("heapUsed", GC.GetTotalMemory(forceFullCollection: false));
                    json.WriteNumber("external", 0);
                    json.WriteNumber("connections", peer.Node.Connections.Count);
                    json.WriteNumber("pid", Environment.ProcessId);
                };
            case ["addrs"]:
                return json => json.Strings("addrs", peer.Node.ListenAddresses.Select(a => $"{a}/p2p/{peer.Node.PeerId}"));
            case ["peers"]:
                return json =>
                {
                    json.WriteStartArray("connections");
                    foreach (var connection in peer.Node.Connections)
                    {
                        json.WriteStartObject();
                        json.Describe(connection);
                        json.WriteEndObject();
                    }

                    json.WriteEndArray();
                };
            case ["dial", var address]:
                var dialed = await peer.Node.ConnectAsync(Multiaddr.Parse(address), cancellationToken: cancellationToken).ConfigureAwait(false);
                return json => json.Describe(dialed);
            case ["push"]:
                // A protocol that is new makes the node push.
                var protocol = $"/pushed/{++_pushes}.0.0";
                peer.Node.Handle(protocol, static (stream, _) =>
                {
                    stream.Abort(StreamSide.Both, StreamErrorCode.None);
                    return ValueTask.CompletedTask;
                });
                return json => json.WriteString("protocol", protocol);
            case ["publish", ..]:
                throw new UnsupportedException("publish");
            default:
                throw new InvalidOperationException("unknown command");
        }
    }
}
