using System.Text.Json;
using Libp2p.Multiformats;

namespace Libp2p.Endurance.Soak;

/// <summary>One of the two processes: takes a word a line, and answers with a line of JSON.</summary>
internal static class SoakNode
{
    /// <summary>Asks for a <see cref="Sample"/>.</summary>
    public const string SampleWord = "sample";

    /// <summary>No conversation begins any more; answered once all have ended and the connection is closed.</summary>
    public const string EndWord = "end";

    /// <summary>Stops the node and the process.</summary>
    public const string StopWord = "stop";

    private const string Loopback = "/ip4/127.0.0.1/tcp/0";

    /// <param name="remote">Whom to talk to; null: it listens, and others talk to it.</param>
    /// <param name="seed">Decides which conversations there are.</param>
    /// <param name="most">Conversations.</param>
    public static async Task<int> RunAsync(string? remote, int seed, long most)
    {
        using var open = new OpenCounters();
        await using var peer = await Peer.StartAsync(remote is null ? Loopback : "").ConfigureAwait(false);
        Talks? talks = null;
        if (remote is null)
        {
            Replies.Serve(peer.Node);
            Answer(new SoakAnswer { Address = $"{peer.Node.ListenAddresses[0]}/p2p/{peer.Node.PeerId}" });
        }
        else
        {
            talks = await Talks.BeginAsync(peer, Multiaddr.Parse(remote), seed, most).ConfigureAwait(false);
            Answer(new SoakAnswer());
        }

        while (await Console.In.ReadLineAsync().ConfigureAwait(false) is { } word && word != StopWord)
        {
            var failed = talks?.Failed;
            if (word == EndWord && talks is not null)
            {
                failed = await talks.EndAsync().ConfigureAwait(false);
            }

            Answer(new SoakAnswer { Failed = failed, IsDone = talks?.IsDone ?? false, Talks = talks?.Describe(), Sample = Sample.Take(open, talks?.Count ?? 0) });
        }

        return 0;
    }

    private static void Answer(SoakAnswer answer)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(answer));
        Console.Out.Flush();
    }
}

/// <summary>What a process of a soak says.</summary>
internal sealed record SoakAnswer
{
    /// <summary>Where it listens.</summary>
    public string? Address { get; init; }

    public Sample? Sample { get; init; }

    /// <summary>The first conversation that failed, and how.</summary>
    public string? Failed { get; init; }

    /// <summary>Whether as many conversations as asked for have ended.</summary>
    public bool IsDone { get; init; }

    /// <summary>How many of each kind.</summary>
    public string? Talks { get; init; }
}
