namespace Libp2p.TestKit.Tests.Reference;

/// <summary>
/// A plain muxer, to show that the suites can be passed, and what makes them fail. A frame is a type (1 byte), a stream (8), a number (4) and,
/// for data, so many bytes. The dialer's streams are odd.
/// </summary>
public sealed class ReferenceMuxer(MuxerFault fault = MuxerFault.None) : IStreamMuxer
{
    public ProtocolId Protocol => "/reference/1.0.0";

    public ValueTask<IMuxedConnection> MultiplexAsync(IByteConnection secured, UpgradeContext context, CancellationToken cancellationToken = default)
    {
        var connection = new ReferenceConnection(secured, context, fault);
        connection.Start();
        return new(connection);
    }
}
