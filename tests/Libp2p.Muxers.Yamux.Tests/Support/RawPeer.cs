using System.Buffers;
using Libp2p.Muxers.Yamux.Wire;
using Libp2p.TestKit;

namespace Libp2p.Muxers.Yamux.Tests.Support;

/// <summary>A remote that sends whatever the test wants: our connection is the listener, this is the dialer (odd streams).</summary>
internal sealed class RawPeer : IAsyncDisposable
{

    private RawPeer(BytePair wire, IMuxedConnection connection)
    {
        Wire = wire;
        Connection = (YamuxConnection)connection;
    }

    public BytePair Wire { get; }

    /// <summary>Our end.</summary>
    public YamuxConnection Connection { get; }

    public static async Task<RawPeer> CreateAsync(
        YamuxOptions? options = null, TestRuntime? runtime = null, IResourceScope? scope = null, BytePairOptions? wire = null)
    {
        var pair = BytePair.Create(wire ?? new BytePairOptions { Capacity = 4 * 1024 * 1024 });
        return new RawPeer(pair, await new YamuxMuxer(options).MultiplexAsync(pair.Listener, Upgrading.Listener(runtime, scope: scope)).Within());
    }

    public Task SendAsync(FrameType type, FrameFlags flags, uint stream, uint length, byte[]? body = null)
    {
        var bytes = new byte[YamuxHeader.Size + (body?.Length ?? 0)];
        new YamuxHeader(type, flags, stream, length).Write(bytes);
        body?.CopyTo(bytes, YamuxHeader.Size);
        return SendAsync(bytes);
    }

    public Task DataAsync(FrameFlags flags, uint stream, byte[] body) => SendAsync(FrameType.Data, flags, stream, (uint)body.Length, body);

    public Task SendAsync(byte[] bytes) => Wire.Dialer.Output.WriteAsync(bytes).Within();

    /// <summary>The next frame of our end; null at its end.</summary>
    public async Task<Frame?> ReadAsync()
    {
        while (true)
        {
            var read = await Wire.Dialer.Input.ReadAsync().Within();
            var bytes = read.Buffer.ToArray();
            var header = bytes.Length >= YamuxHeader.Size ? YamuxHeader.Read(bytes) : default;
            var length = YamuxHeader.Size + (header.Type == FrameType.Data ? (int)header.Length : 0);
            if (bytes.Length >= length)
            {
                Wire.Dialer.Input.AdvanceTo(read.Buffer.GetPosition(length));
                return new Frame(header, bytes[YamuxHeader.Size..length]);
            }

            Wire.Dialer.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    /// <summary>Frames up to the one wanted, which is returned.</summary>
    public async Task<Frame> ReadUntilAsync(Func<Frame, bool> wanted)
    {
        while (await ReadAsync() is { } frame)
        {
            if (wanted(frame))
            {
                return frame;
            }
        }

        throw new InvalidOperationException("The frame did not come before the end.");
    }

    /// <summary>Expects that our end goes away with that reason, closes, and blames the remote.</summary>
    public async Task ShouldGoAwayAsync(uint reason = GoAwayReason.ProtocolError)
    {
        (await ReadUntilAsync(static frame => frame.Type == FrameType.GoAway)).Length.ShouldBe(reason);
        (await ReadAsync()).ShouldBeNull();
        var end = await Connection.Completion.Within();
        end.ByRemote.ShouldBeFalse();
        end.Cause.ShouldBeOfType<MuxerException>().Code.Value.ShouldBe(reason);
        Connection.Session.StreamCount.ShouldBe(0);
    }

    /// <summary>Expects that an honest exchange still works.</summary>
    public async Task ShouldServeAsync(uint stream)
    {
        await DataAsync(FrameFlags.Syn | FrameFlags.Fin, stream, "honest"u8.ToArray());
        while (true)
        {
            var accepted = (await Connection.AcceptStreamAsync().Within()).ShouldNotBeNull();
            if (accepted.Id != stream)
            {
                continue;
            }

            (await accepted.Input.ReadToEndAsync().Within()).ShouldBe("honest"u8.ToArray());
            await accepted.Output.WriteToEndAsync("answer"u8.ToArray());
            break;
        }

        (await ReadUntilAsync(frame => frame.Type == FrameType.Data && frame.Stream == stream)).Body.ShouldBe("answer"u8.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await Wire.Dialer.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
