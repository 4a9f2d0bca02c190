using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>What a peer says of itself (libp2p/specs, identify).</summary>
public sealed record IdentifyInfo
{
    /// <summary>Who said it.</summary>
    public required PeerId PeerId { get; init; }

    /// <summary>The protocol version, as <c>ipfs/0.1.0</c>; free text.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>The implementation, as <c>name/version</c>; free text.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>The public key.</summary>
    public PublicKey? PublicKey { get; init; }

    /// <summary>Where it says it listens; from the signed record where there is a valid one.</summary>
    public ImmutableArray<Multiaddr> ListenAddresses { get; init; } = [];

    /// <summary>Our address as it sees it.</summary>
    public Multiaddr? ObservedAddress { get; init; }

    /// <summary>The protocols it serves.</summary>
    public ImmutableArray<ProtocolId> Protocols { get; init; } = [];

    /// <summary>The signed peer record, verified; null where none was sent.</summary>
    public PeerRecord? SignedRecord { get; init; }

    /// <summary><see cref="SignedRecord"/> as it was signed, for those who pass it on.</summary>
    public SignedEnvelope? SignedEnvelope { get; init; }
}

/// <summary>Role: identify on the connections of this node.</summary>
public interface IIdentifyService
{
    /// <summary>What the peer of a connection says of itself; asked once a connection, later calls share the answer.</summary>
    ValueTask<IdentifyInfo> IdentifyAsync(IConnection connection, CancellationToken cancellationToken = default);

    /// <summary>Tells every connected peer that speaks identify-push what this node is now.</summary>
    ValueTask PushAsync(CancellationToken cancellationToken = default);
}

/// <summary>Role: ping.</summary>
public interface IPingService
{
    /// <summary>Opens one ping stream on the connection and measures round trips until the enumeration ends. 32 random bytes each way.</summary>
    IAsyncEnumerable<TimeSpan> PingAsync(IConnection connection, CancellationToken cancellationToken = default);
}

/// <summary>Role: perf (libp2p/specs, perf), which measures throughput.</summary>
public interface IPerfService
{
    /// <summary>Sends bytes over a new stream of the connection, then receives some, and says how long each took.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="upload">Bytes to send; 0 and more.</param>
    /// <param name="download">Bytes to ask for; 0 and more. The remote may refuse what is too much for it.</param>
    /// <param name="progress">Told once a second, on the clock's thread.</param>
    /// <param name="cancellationToken">Gives up; the stream is reset.</param>
    /// <exception cref="UnsupportedProtocolException">The remote does not serve measurements.</exception>
    /// <exception cref="StreamResetException">The remote refused, or went away.</exception>
    /// <exception cref="ProtocolException">Nothing moved for too long, or another number of bytes came.</exception>
    ValueTask<PerfResult> MeasureAsync(
        IConnection connection, long upload, long download, IProgress<PerfProgress>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>Where a measurement stands.</summary>
/// <param name="Uploaded">Bytes sent.</param>
/// <param name="Downloaded">Bytes received.</param>
/// <param name="Elapsed">Since it began.</param>
public readonly record struct PerfProgress(long Uploaded, long Downloaded, TimeSpan Elapsed);

/// <summary>What was measured.</summary>
/// <param name="Uploaded">Bytes sent.</param>
/// <param name="Downloaded">Bytes received.</param>
/// <param name="UploadTime">From the first byte sent until the remote had them all.</param>
/// <param name="DownloadTime">From then until the last byte was received.</param>
public sealed record PerfResult(long Uploaded, long Downloaded, TimeSpan UploadTime, TimeSpan DownloadTime)
{
    /// <summary>Bytes a second; 0 where none were sent.</summary>
    public double UploadRate => Rate(Uploaded, UploadTime);

    /// <summary>Bytes a second; 0 where none were received.</summary>
    public double DownloadRate => Rate(Downloaded, DownloadTime);

    private static double Rate(long bytes, TimeSpan time) => bytes == 0 ? 0 : bytes / Math.Max(time.TotalSeconds, 1e-9);
}
