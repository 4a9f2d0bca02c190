using Libp2p.Protocols.Identify;
using Libp2p.Protocols.Tests.Support;
using Libp2p.Wire;
using Message = Libp2p.Protocols.Identify.Wire.Identify;

namespace Libp2p.Protocols.Tests.Identify;

public sealed class IdentifyExchangeTests
{
    private static readonly byte[] _part = new Message { AgentVersion = "hasty/1" }.ToDelimitedArray();
    private static readonly StreamResetException _byRemote = new(StreamErrorCode.None, byRemote: true);
    private static readonly StreamResetException _byUs = new(StreamErrorCode.None, byRemote: false);

    [Fact]
    public async Task A_reset_after_whole_parts_is_no_error()
    {
        (await ReceiveAsync(_byRemote, _part)).AgentVersion.ShouldBe("hasty/1");
        (await ReceiveAsync(_byRemote, _part[..3], _part[3..], _part)).AgentVersion.ShouldBe("hasty/1");
    }

    [Fact]
    public async Task A_reset_before_or_inside_a_part_or_by_this_side_is_one()
    {
        await Should.ThrowAsync<StreamResetException>(() => ReceiveAsync(_byRemote));
        for (var length = 1; length < _part.Length; length++)
        {
            await Should.ThrowAsync<StreamResetException>(() => ReceiveAsync(_byRemote, _part[..length]));
            await Should.ThrowAsync<StreamResetException>(() => ReceiveAsync(_byRemote, _part, _part[..length]));
        }

        await Should.ThrowAsync<StreamResetException>(() => ReceiveAsync(_byUs, _part));
    }

    [Fact]
    public async Task The_end_must_come_after_whole_parts()
    {
        (await ReceiveAsync(null, _part)).AgentVersion.ShouldBe("hasty/1");
        (await ReceiveAsync(null, [.. _part, .. _part])).AgentVersion.ShouldBe("hasty/1");
        await Should.ThrowAsync<ProtocolException>(() => ReceiveAsync(null));
        for (var length = 1; length < _part.Length; length++)
        {
            await Should.ThrowAsync<ProtocolException>(() => ReceiveAsync(null, _part[..length]));
            await Should.ThrowAsync<ProtocolException>(() => ReceiveAsync(null, _part, _part[..length]));
        }
    }

    private static async Task<Message> ReceiveAsync(Exception? error, params byte[][] pieces)
    {
        await using var stream = new ScriptedStream(error, pieces);
        return await IdentifyExchange.ReceiveAsync(stream, CancellationToken.None);
    }
}
