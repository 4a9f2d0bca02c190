using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Libp2p.Interop.Tests.Js;

/// <summary>A js-libp2p node in a process of its own, driven by JSON lines (js/peer.mjs).</summary>
public sealed class JsPeer : IAsyncDisposable
{
    /// <summary>How long anything may take before a test fails rather than hangs.</summary>
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _requests = new();
    private readonly Lock _gate = new();
    private readonly List<JsonObject> _events = [];
    private readonly List<string> _noise = [];
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastId;

    private JsPeer(Process process) => _process = process;

    /// <summary>Its peer id.</summary>
    public string PeerId { get; private set; } = "";

    /// <summary>Its address, ending in <c>/p2p/ID</c>.</summary>
    public string Address { get; private set; } = "";

    /// <param name="arguments">Of <c>peer.mjs</c>: <c>--security tls</c>.</param>
    public static async Task<JsPeer> StartAsync(params string[] arguments)
    {
        var folder = await JsPackages.FolderAsync();
        var peer = new JsPeer(Process.Start(new ProcessStartInfo(JsPackages.NodeOf(folder), ["--disable-warning=ExperimentalWarning", "peer.mjs", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
        _ = peer.ReadAsync();
        _ = peer.ReadNoiseAsync();
        var ready = await peer.EventAsync("ready");
        peer.PeerId = (string)ready["peerId"]!;
        peer.Address = (string)ready["addrs"]![0]!;
        return peer;
    }

    /// <summary>Asks, and returns the answer whether it is ok or not.</summary>
    public async Task<JsonObject> AskAsync(string operation, JsonObject? request = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _requests[id] = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        var line = request ?? [];
        line["id"] = id;
        line["op"] = operation;
        lock (_gate)
        {
            _process.StandardInput.WriteLine(line.ToJsonString());
            _process.StandardInput.Flush();
        }

        try
        {
            return await answer.Task.WaitAsync(Watchdog);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the js peer did not answer '{operation}'. {Noise()}");
        }
    }

    /// <summary>Asks for something that must work.</summary>
    public async Task<JsonObject> MustAsync(string operation, JsonObject? request = null)
    {
        var answer = await AskAsync(operation, request);
        ((bool)answer["ok"]!).ShouldBeTrue($"{operation}: {answer["name"]}: {answer["error"]} {Noise()}");
        return answer;
    }

    /// <summary>The first event of that name, past or to come, that fits; it is taken.</summary>
    public async Task<JsonObject> EventAsync(string name, Predicate<JsonObject>? fits = null)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                var at = _events.FindIndex(e => (string?)e["event"] == name && (fits is null || fits(e)));
                if (at >= 0)
                {
                    var found = _events[at];
                    _events.RemoveAt(at);
                    return found;
                }

                arrival = _arrival.Task;
            }

            if (_process.HasExited) throw new InvalidOperationException($"the js peer ended. {Noise()}");
            try
            {
                await arrival.WaitAsync(Watchdog - deadline.Elapsed > TimeSpan.Zero ? Watchdog - deadline.Elapsed : TimeSpan.Zero);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"the js peer had no event '{name}'. {Noise()}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (Exception e) when (e is TimeoutException or IOException or InvalidOperationException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            JsonObject message;
            try
            {
                message = JsonNode.Parse(line)!.AsObject();
            }
            catch (JsonException)
            {
                lock (_gate) _noise.Add(line);
                continue;
            }

            if (message["id"] is { } id && _requests.TryRemove((int)id, out var answer))
            {
                answer.TrySetResult(message);
                continue;
            }

            lock (_gate)
            {
                _events.Add(message);
                Wake();
            }
        }

        lock (_gate) Wake();
        foreach (var waiting in _requests.Values) waiting.TrySetException(new InvalidOperationException($"the js peer ended. {Noise()}"));
    }

    private async Task ReadNoiseAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_gate) _noise.Add(line);
        }
    }

    private void Wake()
    {
        var arrived = _arrival;
        _arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        arrived.TrySetResult();
    }

    private string Noise()
    {
        lock (_gate) return string.Join('\n', _noise.TakeLast(20));
    }
}
