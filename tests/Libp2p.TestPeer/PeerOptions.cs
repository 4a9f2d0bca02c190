using System.Globalization;

namespace Libp2p.TestPeer;

/// <summary>The command line of the contract: positional arguments and <c>--name value</c> in any order.</summary>
internal sealed class PeerOptions
{
    public const int WrongCommandLine = 2;
    public const int Unsupported = 3;

    private static readonly string[] Flags =
        ["bench", "mdns", "relay", "relay-unlimited", "dcutr", "autonat", "autonat-v2", "monitor", "announce-localhost", "rendezvous"];

    private static readonly string[] Values =
    [
        "transport", "security", "muxer", "host", "port", "key-type", "seed", "do", "count", "bytes", "concurrency", "timeout", "key", "protocol",
        "seconds", "block", "server-pid", "connect", "psk", "announce", "bootstrap", "kad", "kad-protocol", "pubsub", "topic", "relay-via", "value",
        "peer", "data", "namespace", "ttl",
    ];

    /// <summary>What the contract knows and this peer does not have yet.</summary>
    private static readonly string[] NotYet =
    [
        "announce", "announce-localhost", "bootstrap", "mdns", "kad", "pubsub", "relay", "relay-unlimited", "relay-via", "dcutr", "autonat",
        "autonat-v2", "monitor", "rendezvous",
    ];

    private readonly Dictionary<string, List<string>> _given = [];

    private PeerOptions()
    {
    }

    public List<string> Positionals { get; } = [];

    public bool Bench => _given.ContainsKey("bench");

    public string Host => Text("host", "127.0.0.1");

    public int Port => Number("port", 0);

    public string Action => Text("do", "connect");

    public int? Count => Has("count") ? Number("count", 0) : null;

    public long? Bytes => Has("bytes") ? long.Parse(Text("bytes", ""), CultureInfo.InvariantCulture) : null;

    public int Concurrency => Number("concurrency", 1);

    public TimeSpan Timeout => TimeSpan.FromSeconds(Number("timeout", 30));

    public int Block => Number("block", 65536);

    public int? ServerPid => Has("server-pid") ? Number("server-pid", 0) : null;

    public int? Seed => Has("seed") ? Number("seed", 0) : null;

    public IReadOnlyList<string> Connect => _given.GetValueOrDefault("connect") ?? [];

    public string Text(string name, string otherwise) => _given.TryGetValue(name, out var values) ? values[^1] : otherwise;

    public int Number(string name, int otherwise) => Has(name) ? int.Parse(Text(name, ""), CultureInfo.InvariantCulture) : otherwise;

    public bool Has(string name) => _given.ContainsKey(name);

    /// <exception cref="FormatException">An option that the contract does not know, or one without its value.</exception>
    public static PeerOptions Parse(IReadOnlyList<string> args)
    {
        var options = new PeerOptions();
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                options.Positionals.Add(args[i]);
                continue;
            }

            var (name, value) = args[i][2..].Split('=', 2) is [var left, var right] ? (left, right) : (args[i][2..], null);
            if (Flags.Contains(name)) value = "";
            else if (!Values.Contains(name)) throw new FormatException($"unknown option --{name}");
            else value ??= ++i < args.Count ? args[i] : throw new FormatException($"--{name} needs a value");
            if (!options._given.TryGetValue(name, out var values)) options._given[name] = values = [];
            values.Add(value);
        }

        return options;
    }

    /// <exception cref="UnsupportedException">Something was asked that is not here yet.</exception>
    public void CheckSupported()
    {
        foreach (var name in NotYet)
        {
            if (Has(name)) throw new UnsupportedException($"--{name}");
        }

        Only("transport", "tcp");
        Only("security", "noise", "tls");
        Only("muxer", "yamux");
    }

    /// <summary>The values of an option, separated by commas, in the order given.</summary>
    public string[] List(string name, string otherwise) => Text(name, otherwise).Split(',');

    private void Only(string name, params string[] known)
    {
        foreach (var value in List(name, known[0]))
        {
            if (!known.Contains(value)) throw new UnsupportedException($"--{name} {value}");
        }
    }
}
