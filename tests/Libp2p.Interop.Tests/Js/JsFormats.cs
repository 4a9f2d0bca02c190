using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Libp2p.Interop.Tests.Js;

/// <summary>The npm packages multiformats, @multiformats/multiaddr, @libp2p/crypto, @libp2p/peer-id and ipns in a process of their own, asked by JSON lines (js/formats.mjs). One question at a time.</summary>
public sealed class JsFormats : IAsyncLifetime
{
    /// <summary>How long anything may take before a test fails rather than hangs.</summary>
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private Process _process = null!;

    public async ValueTask InitializeAsync()
    {
        var folder = await JsPackages.FolderAsync();
        _process = Process.Start(new ProcessStartInfo(JsPackages.NodeOf(folder), ["--disable-warning=ExperimentalWarning", "formats.mjs"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Watchdog);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    /// <summary>Asks for something that must work.</summary>
    public async Task<JsonNode> AskAsync(string operation, JsonObject? question = null)
    {
        var (answer, error) = await TryAsync(operation, question);
        return answer ?? throw new InvalidOperationException($"{operation} {question?.ToJsonString()}: {error}");
    }

    /// <summary>Asks, and returns the answer or the refusal.</summary>
    public async Task<(JsonNode? Answer, string? Error)> TryAsync(string operation, JsonObject? question = null)
    {
        var line = question ?? [];
        line["op"] = operation;
        await _process.StandardInput.WriteLineAsync(line.ToJsonString());
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(Watchdog) ?? throw new InvalidOperationException("the js formats ended");
        var node = JsonNode.Parse(answer)!;
        return (bool)node["ok"]! ? (node["answer"], null) : (null, (string)node["error"]!);
    }
}
