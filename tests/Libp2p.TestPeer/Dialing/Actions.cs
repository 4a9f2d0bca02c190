using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Libp2p.Multiformats;
using Libp2p.TestPeer.Protocols;

namespace Libp2p.TestPeer.Dialing;

/// <summary>The functional actions of the contract.</summary>
internal static class Actions
{
    public static IReadOnlyDictionary<string, Func<Multiaddr, PeerOptions, CancellationToken, Task<Outcome>>> All { get; } =
        new Dictionary<string, Func<Multiaddr, PeerOptions, CancellationToken, Task<Outcome>>>
        {
            ["connect"] = ConnectAsync,
            ["ping"] = PingAsync,
            ["ping-stream"] = PingStreamAsync,
            ["echo"] = EchoAsync,
            ["perf"] = PerfAsync,
            ["identify"] = IdentifyAsync,
            ["identify-push"] = IdentifyPushAsync,
            ["identify-push-wait"] = IdentifyPushWaitAsync,
            ["fetch"] = FetchAsync,
            ["negotiate"] = NegotiateAsync,
            ["hold"] = HoldAsync,
        };

    private static async Task<Outcome> ConnectAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        return new Outcome(json =>
        {
            json.WriteNumber("connectMs", dialed.ConnectMs);
            json.Describe(dialed.Connection);
        });
    }

    /// <summary>A stream for each ping, as js-libp2p does.</summary>
    private static async Task<Outcome> PingAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        var rtts = new List<double>();
        for (var i = 0; i < (options.Count ?? 1); i++) rtts.AddRange(await RoundTripsAsync(dialed, 1, cancellationToken).ConfigureAwait(false));
        return new Outcome(json =>
        {
            json.WriteNumber("connectMs", dialed.ConnectMs);
            Numbers(json, "rtts", rtts);
        });
    }

    /// <summary>Many pings over one stream, as go-libp2p does.</summary>
    private static async Task<Outcome> PingStreamAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        var rtts = await RoundTripsAsync(dialed, options.Count ?? 5, cancellationToken).ConfigureAwait(false);
        return new Outcome(json => Numbers(json, "rtts", rtts));
    }

    private static async Task<List<double>> RoundTripsAsync(Dialed dialed, int count, CancellationToken cancellationToken)
    {
        var ping = dialed.Peer.Node.Find<IPingService>() ?? throw new InvalidOperationException("ping is not active");
        var rtts = new List<double>();
        await foreach (var rtt in ping.PingAsync(dialed.Connection, cancellationToken).ConfigureAwait(false))
        {
            rtts.Add(rtt.TotalMilliseconds);
            if (rtts.Count == count) break;
        }

        return rtts;
    }

    /// <summary>Streams of random bytes, several at a time, compared by hash.</summary>
    private static async Task<Outcome> EchoAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        var bytes = options.Bytes ?? 1024;
        var count = options.Count ?? 1;
        var left = count;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => WorkAsync())).ConfigureAwait(false);
        var ms = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return new Outcome(json =>
        {
            json.WriteNumber("connectMs", dialed.ConnectMs);
            json.WriteNumber("streams", count);
            json.WriteNumber("bytesEach", bytes);
            json.WriteNumber("ms", ms);
        });

        async Task WorkAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0) await EchoOnceAsync(dialed.Connection, bytes, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task EchoOnceAsync(IConnection connection, long bytes, CancellationToken cancellationToken)
    {
        var stream = await connection.OpenStreamAsync([EchoHandler.ProtocolId], null, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var sending = SendAsync();
            using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long total = 0;
            for (var completed = false; !completed;)
            {
                var read = await stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
                foreach (var piece in read.Buffer) received.AppendData(piece.Span);
                total += read.Buffer.Length;
                completed = read.IsCompleted;
                stream.Input.AdvanceTo(read.Buffer.End);
            }

            var sent = await sending.ConfigureAwait(false);
            if (total != bytes || !sent.AsSpan().SequenceEqual(received.GetHashAndReset()))
            {
                throw new InvalidOperationException($"echo differs: {total} of {bytes} bytes");
            }
        }

        async Task<byte[]> SendAsync()
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var block = new byte[65536];
            for (long done = 0; done < bytes;)
            {
                var piece = block.AsMemory(0, (int)Math.Min(block.Length, bytes - done));
                RandomNumberGenerator.Fill(piece.Span);
                hash.AppendData(piece.Span);
                await stream.Output.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                done += piece.Length;
            }

            await stream.Output.CompleteAsync().ConfigureAwait(false);
            return hash.GetHashAndReset();
        }
    }

    /// <summary>Both directions in one perf request.</summary>
    private static async Task<Outcome> PerfAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        var bytes = options.Bytes ?? 1024 * 1024;
        var result = await dialed.Peer.Perf.MeasureAsync(dialed.Connection, bytes, bytes, null, cancellationToken).ConfigureAwait(false);
        return new Outcome(json =>
        {
            json.WriteNumber("bytes", bytes);
            json.WriteNumber("uploadSeconds", result.UploadTime.TotalSeconds);
            json.WriteNumber("downloadSeconds", result.DownloadTime.TotalSeconds);
        });
    }

    private static async Task<Outcome> IdentifyAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        var info = await dialed.Peer.Identify.IdentifyAsync(dialed.Connection, cancellationToken).ConfigureAwait(false);
        return new Outcome(json => json.Describe(info));
    }

    /// <summary>Pushes; the server reports the new protocol in an "identify" event.</summary>
    private static async Task<Outcome> IdentifyPushAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        const string Pushed = "/pushed/9.9.9";
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        await dialed.Peer.Identify.IdentifyAsync(dialed.Connection, cancellationToken).ConfigureAwait(false);
        dialed.Peer.Node.Handle(Pushed, static (_, _) => ValueTask.CompletedTask);
        await dialed.Peer.Identify.PushAsync(cancellationToken).ConfigureAwait(false);

        // Gives the remote the time to read it before this process ends the connection.
        await Task.Delay(500, cancellationToken).ConfigureAwait(false);
        return new Outcome(json => json.WriteString("pushed", Pushed));
    }

    /// <summary>Waits for a push from the server.</summary>
    private static async Task<Outcome> IdentifyPushWaitAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var peer = await Peer.StartAsync(options, listen: false).ConfigureAwait(false);
        await using var events = peer.Node.Events(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var next = events.MoveNextAsync();
        var connection = await peer.Node.ConnectAsync(address, cancellationToken: cancellationToken).ConfigureAwait(false);
        var before = await peer.Identify.IdentifyAsync(connection, cancellationToken).ConfigureAwait(false);
        while (await next.ConfigureAwait(false))
        {
            if (events.Current is PeerIdentified { Pushed: true } push)
            {
                return new Outcome(json =>
                {
                    json.Strings("added", push.Info.Protocols.Except(before.Protocols).Select(p => p.Value));
                    json.Strings("removed", before.Protocols.Except(push.Info.Protocols).Select(p => p.Value));
                });
            }

            next = events.MoveNextAsync();
        }

        throw new InvalidOperationException("the node stopped before a push came");
    }

    private static async Task<Outcome> FetchAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        var key = options.Text("key", "/test/hello");
        var value = await FetchHandler.FetchAsync(dialed.Connection, key, cancellationToken).ConfigureAwait(false);
        return new Outcome(json =>
        {
            json.WriteString("key", key);
            json.WriteBoolean("found", value is not null);
            json.WriteString("value", value is null ? null : Encoding.UTF8.GetString(value));
        });
    }

    /// <summary>Opens a stream for one of the protocols named: whether the remote speaks it.</summary>
    private static async Task<Outcome> NegotiateAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        var protocols = options.Text("protocol", "/unknown/1.0.0").Split(',').Select(p => new ProtocolId(p)).ToList();
        var stream = await dialed.Connection.OpenStreamAsync(protocols, new OpenStreamOptions { Negotiation = NegotiationMode.Eager }, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false)) return new Outcome(json => json.WriteString("protocol", stream.Protocol.Value));
    }

    /// <summary>Keeps the connection; ok if it is still open then.</summary>
    private static async Task<Outcome> HoldAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromSeconds(options.Number("seconds", 5)), cancellationToken).ConfigureAwait(false);
        var open = !dialed.Connection.Completion.IsCompleted;
        return new Outcome(json => json.WriteString("status", open ? "open" : "closed"), open);
    }

    private static void Numbers(System.Text.Json.Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
