using System.Diagnostics;
using System.Text.Json;
using Libp2p.Multiformats;

namespace Libp2p.TestPeer.Dialing;

/// <summary>What an action found: whether it is what was wanted, and the fields to print.</summary>
internal sealed record Outcome(Action<Utf8JsonWriter> Fields, bool Ok = true);

/// <summary><c>dial ADDR --do ACTION</c>: prints one result and exits 0, 1, or 3 where the action is not here yet.</summary>
internal static class DialCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        PeerOptions options;
        try
        {
            options = PeerOptions.Parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return PeerOptions.WrongCommandLine;
        }

        if (options.Positionals is not [var target])
        {
            await Console.Error.WriteLineAsync("dial takes one address").ConfigureAwait(false);
            return PeerOptions.WrongCommandLine;
        }

        var started = Stopwatch.GetTimestamp();
        using var deadline = new CancellationTokenSource(options.Timeout);
        try
        {
            options.CheckSupported();
            if (!Actions.All.TryGetValue(options.Action, out var action) && !Measurements.All.TryGetValue(options.Action, out action))
            {
                throw new UnsupportedException($"--do {options.Action}");
            }

            var address = target == "none" ? throw new UnsupportedException("dial none") : Multiaddr.Parse(target);
            var work = action(address, options, deadline.Token);
            if (await Task.WhenAny(work, Task.Delay(options.Timeout, CancellationToken.None)).ConfigureAwait(false) != work) throw new OperationCanceledException();
            var outcome = await work.ConfigureAwait(false);
            Print(outcome.Ok, json =>
            {
                outcome.Fields(json);
                json.WriteNumber("totalMs", Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            });
            return outcome.Ok ? 0 : 1;
        }
        catch (UnsupportedException e)
        {
            Failed(e.Message, "Unsupported");
            return PeerOptions.Unsupported;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested || Stopwatch.GetElapsedTime(started) >= options.Timeout)
        {
            Failed($"timed out after {options.Timeout.TotalSeconds} s", "TimeoutError");
            return 1;
        }
        catch (Exception e)
        {
            Failed(e.Message, e is UnsupportedProtocolException ? "UnsupportedProtocolError" : e.GetType().Name);
            return 1;
        }

        void Print(bool ok, Action<Utf8JsonWriter> fields) => Lines.Print("result", json =>
        {
            json.WriteString("action", options.Action);
            json.WriteBoolean("ok", ok);
            fields(json);
        });

        void Failed(string error, string name) => Print(false, json =>
        {
            json.WriteString("error", error);
            json.WriteString("name", name);
            json.WriteNumber("totalMs", Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        });
    }
}
