using System.Text.Json;

namespace Libp2p.Node.Output;

/// <summary>What is shown of one connection.</summary>
internal sealed record ConnectionRow
{
    /// <summary>Its number in the node.</summary>
    public required long Id { get; init; }

    public required string Peer { get; init; }

    /// <summary>What the peer says it is, as it said it; null: it has not (yet).</summary>
    public string? Agent { get; init; }

    public required bool Inbound { get; init; }

    /// <summary>The remote's multiaddr.</summary>
    public required string Address { get; init; }

    public string? Security { get; init; }

    public string? Muxer { get; init; }

    public int Streams { get; init; }

    public TimeSpan Age { get; init; }

    /// <summary>Null: not measured.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Bytes received so far; null: its transport does not count.</summary>
    public long? Received { get; init; }

    /// <summary>Bytes sent so far; null: its transport does not count.</summary>
    public long? Sent { get; init; }

    /// <summary>Bytes a second; null: not known.</summary>
    public double? ReceivedPerSecond { get; init; }

    /// <summary>Bytes a second; null: not known.</summary>
    public double? SentPerSecond { get; init; }

    public static ConnectionRow Of(IConnection connection, string? agent, DateTimeOffset now)
    {
        var bytes = (IByteCounts?)connection.GetFeature(typeof(IByteCounts));
        return new ConnectionRow
        {
            Id = connection.Id,
            Peer = connection.RemotePeer.ToString(),
            Agent = agent,
            Inbound = connection.Direction == ConnectionDirection.Inbound,
            Address = connection.Remote.ToString(),
            Security = connection.Security?.Value,
            Muxer = connection.Muxer?.Value,
            Streams = connection.Streams.Count,
            Age = now - connection.OpenedAt,
            Received = bytes?.Received,
            Sent = bytes?.Sent,
        };
    }

    public static ConnectionRow Of(JsonElement connection) => new()
    {
        Id = connection.GetProperty("id").GetInt64(),
        Peer = connection.GetProperty("peer").GetString()!,
        Agent = connection.GetProperty("agentVersion").GetString(),
        Inbound = connection.GetProperty("direction").GetString() == "inbound",
        Address = connection.GetProperty("addr").GetString()!,
        Security = connection.GetProperty("security").GetString(),
        Muxer = connection.GetProperty("muxer").GetString(),
        Streams = connection.GetProperty("streams").GetArrayLength(),
        Age = TimeSpan.FromSeconds(connection.GetProperty("seconds").GetDouble()),
        Received = connection.TryGetProperty("receivedBytes", out var received) ? received.GetInt64() : null,
        Sent = connection.TryGetProperty("sentBytes", out var sent) ? sent.GetInt64() : null,
    };

    /// <summary>The end of a peer id: what tells two of them apart at a glance.</summary>
    public static string Short(string peer) => peer.Length <= 12 ? peer : $"…{peer[^8..]}";
}
