using System.Buffers;
using Libp2p.Multiformats;

namespace Libp2p.Endurance.Soak;

/// <summary>The dialing side of one conversation: what it does now is its text.</summary>
internal sealed class Talk(Peer peer, IConnection connection, Multiaddr address, Random random)
{
    private const int MostBytes = 400_000;

    // Most of a window of 256 KiB: what was agreed on first took a little of it.
    private const int MostOfWindow = 250_000;
    private static readonly ConnectOptions Another = new() { ForceNew = true };

    private volatile string _step = "";

    /// <summary>The kinds of conversation, each with how often it is had.</summary>
    public static IReadOnlyList<(string Name, int Weight, Func<Talk, Task> Have)> Kinds { get; } =
    [
        ("echo", 10, static talk => talk.EchoAsync(talk._connection)),
        ("ping", 4, static talk => talk.PingAsync()),
        ("late", 4, static talk => talk.ReadLateAsync()),
        ("perf", 2, static talk => talk.PerfAsync()),
        ("flood", 2, static talk => talk.FloodAsync()),
        ("left", 2, static talk => talk.LeaveAsync()),
        ("reset", 2, static talk => talk.BeResetAsync()),
        ("refused", 2, static talk => talk.BeRefusedAsync()),
        ("connection", 1, static talk => talk.ConnectAsync()),
        ("lost", 1, static talk => talk.LoseAsync()),
    ];

    private readonly IConnection _connection = connection;

    public override string ToString() => _step;

    /// <summary>Bytes go and come at once.</summary>
    private async Task EchoAsync(IConnection over)
    {
        _step = "echo: opening";
        await using var stream = await over.OpenStreamAsync([Replies.Echo]).ConfigureAwait(false);
        var sent = new byte[1 + random.Next(random.Next(4) == 0 ? MostBytes : 2000)];
        random.NextBytes(sent);
        var writing = WriteAsync(stream, sent);
        var got = 0;
        while (true)
        {
            _step = $"echo: reading, {got} of {sent.Length}; writing {writing.Status}";
            var read = await stream.Input.ReadAsync().ConfigureAwait(false);
            Expect(read.Buffer.Length <= sent.Length - got && read.Buffer.ToArray().AsSpan().SequenceEqual(sent.AsSpan(got, (int)read.Buffer.Length)), "something came back that was not sent");
            got += (int)read.Buffer.Length;
            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        Expect(got == sent.Length, $"{got} of {sent.Length} bytes came back");
        await writing.ConfigureAwait(false);
        _step = "echo: closing";
    }

    /// <summary>Nothing is read before all is written: half a window of each stream waits, this way and that.</summary>
    private async Task ReadLateAsync()
    {
        _step = "late: opening";
        await using var stream = await _connection.OpenStreamAsync([Replies.Echo]).ConfigureAwait(false);
        var sent = new byte[1 + random.Next(130_000)];
        _step = $"late: writing {sent.Length}";
        await WriteAsync(stream, sent).ConfigureAwait(false);
        for (var got = 0L; ;)
        {
            _step = $"late: reading, {got} of {sent.Length}";
            var read = await stream.Input.ReadAsync().ConfigureAwait(false);
            got += read.Buffer.Length;
            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                Expect(got == sent.Length, $"{got} of {sent.Length} bytes came back");
                return;
            }
        }
    }

    private async Task PingAsync()
    {
        _step = "ping";
        var left = 1 + random.Next(5);
        await foreach (var _ in peer.Find<IPingService>().PingAsync(_connection).ConfigureAwait(false))
        {
            if (--left == 0)
            {
                break;
            }
        }
    }

    private async Task PerfAsync()
    {
        var (upload, download) = (random.Next(1 << 20), random.Next(1 << 20));
        _step = $"perf: {upload} up, {download} down";
        var result = await peer.Find<IPerfService>().MeasureAsync(_connection, upload, download).ConfigureAwait(false);
        Expect((result.Uploaded, result.Downloaded) == (upload, download), "other bytes were measured");
    }

    /// <summary>The sender has to wait: nothing is read until it has filled most of the window.</summary>
    private async Task FloodAsync()
    {
        _step = "flood: opening";
        await using var stream = await _connection.OpenStreamAsync([Replies.Flood]).ConfigureAwait(false);
        await stream.Output.CompleteAsync().ConfigureAwait(false);
        var (got, unread) = (0L, 0L);
        while (true)
        {
            _step = $"flood: reading, {unread} unread, {got} of {Replies.FloodLength} read";
            var read = await stream.Input.ReadAsync().ConfigureAwait(false);
            unread = read.Buffer.Length;
            if (got + read.Buffer.Length < Replies.FloodLength && !read.IsCompleted && read.Buffer.Length < MostOfWindow)
            {
                stream.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            got += read.Buffer.Length;
            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        Expect(got == Replies.FloodLength, $"{got} of {Replies.FloodLength} bytes came");
    }

    /// <summary>This side goes away in the middle.</summary>
    private async Task LeaveAsync()
    {
        _step = "left: opening";
        await using var stream = await _connection.OpenStreamAsync([Replies.Echo]).ConfigureAwait(false);
        await stream.Output.WriteAsync(new byte[1 + random.Next(100_000)]).ConfigureAwait(false);
        _step = "left: reading";
        await stream.Input.ReadAsync().ConfigureAwait(false);
        stream.Abort(StreamSide.Both, new StreamErrorCode(9));
    }

    /// <summary>The other side does.</summary>
    private async Task BeResetAsync()
    {
        _step = "reset";
        try
        {
            await using var stream = await _connection.OpenStreamAsync([Replies.Reset]).ConfigureAwait(false);
            await stream.Output.WriteAsync(new byte[1000]).ConfigureAwait(false);
            var read = await stream.Input.ReadAsync().ConfigureAwait(false);
            Expect(false, $"a stream that was reset has {read.Buffer.Length} bytes");
        }
        catch (StreamResetException)
        {
        }
    }

    private async Task BeRefusedAsync()
    {
        _step = "refused";
        try
        {
            await using var stream = await _connection.OpenStreamAsync([Replies.Nobodys]).ConfigureAwait(false);
            Expect(false, "a protocol that nobody serves was agreed");
        }
        catch (UnsupportedProtocolException)
        {
        }
    }

    private async Task ConnectAsync()
    {
        _step = "connection: dialing";
        var another = await peer.Node.ConnectAsync(address, Another).ConfigureAwait(false);
        _step = "connection: identifying";
        var info = await peer.Find<IIdentifyService>().IdentifyAsync(another).ConfigureAwait(false);
        Expect(info.PeerId == _connection.RemotePeer, "somebody else was identified");
        await EchoAsync(another).ConfigureAwait(false);
        _step = "connection: closing";
        await another.CloseAsync().ConfigureAwait(false);
        _step = "connection: ending";
        await another.Completion.ConfigureAwait(false);
    }

    /// <summary>A connection ends under its streams.</summary>
    private async Task LoseAsync()
    {
        _step = "lost: dialing";
        var another = await peer.Node.ConnectAsync(address, Another).ConfigureAwait(false);
        await using var stream = await another.OpenStreamAsync([Replies.Echo]).ConfigureAwait(false);
        var writing = WriteAsync(stream, new byte[MostBytes]);
        _step = "lost: reading";
        await stream.Input.ReadAsync().ConfigureAwait(false);
        another.Abort(ConnectionErrorCode.None);
        _step = "lost: ending";
        await another.Completion.ConfigureAwait(false);
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (Libp2pException)
        {
        }
    }

    private static async Task WriteAsync(IStream stream, byte[] bytes)
    {
        await stream.Output.WriteAsync(bytes).ConfigureAwait(false);
        await stream.Output.CompleteAsync().ConfigureAwait(false);
    }

    private static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new EnduranceException(what);
        }
    }
}
