using System.Globalization;

namespace Libp2p.Benchmarks.Command;

/// <summary>The command line.</summary>
internal sealed class BenchmarkOptions
{
    public const string Usage = """
        usage: Libp2p.Benchmarks [options]

          --figures KEY[,KEY...]   only those figures, or those whose keys begin so: up, down, rtt, streams, ...
          --rounds N               how often each contender takes its turn (default 5)
          --contenders A[,B...]    only those (ours is always there): inline, raw, ceiling, native, and the peers' names
          --peer NAME=COMMAND      another implementation's test peer, which takes part with itself (repeatable)
          --native PROGRAM         this program published with NativeAOT takes part, too
          --node PROGRAM           the node that starts with plugin folders: libp2p, or libp2p.dll, as it was published (default: as it was built)
          --json FILE              all numbers, every round of them
          --chart FILE             an SVG chart
          --quick                  as little of everything as shows that it works; the numbers mean nothing
          --list                   the figures
        """;

    public List<string> Figures { get; } = [];

    public List<string> Contenders { get; } = [];

    public List<(string Name, IReadOnlyList<string> Command)> Peers { get; } = [];

    public int? Rounds { get; private set; }

    public string? Native { get; private set; }

    public string? Node { get; private set; }

    public string? Json { get; private set; }

    public string? Chart { get; private set; }

    public bool Quick { get; private set; }

    public bool List { get; private set; }

    public bool Help { get; private set; }

    /// <exception cref="FormatException">Not a command line of this program.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--figures":
                    options.Figures.AddRange(Words(Next()));
                    break;
                case "--contenders":
                    options.Contenders.AddRange(Words(Next()));
                    break;
                case "--peer":
                    options.Peers.Add(Next().Split('=', 2) is [var name, var command] ? (name, command.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : throw new FormatException("--peer takes NAME=COMMAND"));
                    break;
                case "--rounds":
                    options.Rounds = int.TryParse(Next(), CultureInfo.InvariantCulture, out var rounds) && rounds is >= 1 and <= 1000 ? rounds : throw new FormatException("--rounds takes a number from 1 to 1000");
                    break;
                case "--native":
                    options.Native = Next();
                    break;
                case "--node":
                    options.Node = Next();
                    break;
                case "--json":
                    options.Json = Next();
                    break;
                case "--chart":
                    options.Chart = Next();
                    break;
                case "--quick":
                    options.Quick = true;
                    break;
                case "--list":
                    options.List = true;
                    break;
                case "--help" or "-h":
                    options.Help = true;
                    break;
                default:
                    throw new FormatException($"unknown option {arguments[i]}");
            }

            string Next() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{arguments[i - 1]} needs a value");
        }

        return options;
    }

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
