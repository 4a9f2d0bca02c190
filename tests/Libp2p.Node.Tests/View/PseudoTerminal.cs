using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace Libp2p.Node.Tests.View;

/// <summary>The program on a terminal of its own: a pseudo-terminal of Linux that controls it, so that keys and signals reach it as from a person.</summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private readonly FileStream _master;
    private readonly SafeFileHandle _slave;
    private readonly Process _process;
    private readonly Task _reading;
    private readonly Channel<bool> _news = Channel.CreateUnbounded<bool>();

    private PseudoTerminal(int width, int height, string dataFolder, Dictionary<string, string> environment, string[] arguments)
    {
        Screen = new VirtualTerminal(width, height);
        var handle = new SafeFileHandle(Check(PosixOpenPt(OpenReadWrite | OpenNoControl)), ownsHandle: true);
        Check(GrantPt(handle));
        Check(UnlockPt(handle));
        var name = new byte[128];
        Check(PtsName(handle, name, name.Length));
        var slave = System.Text.Encoding.UTF8.GetString(name).TrimEnd('\0');
        _slave = new SafeFileHandle(Check(Open(slave, OpenReadWrite | OpenNoControl)), ownsHandle: true);
        _master = new FileStream(handle, FileAccess.ReadWrite, bufferSize: 0);
        SetSize(width, height);
        var start = new ProcessStartInfo("/usr/bin/env")
        {
            ArgumentList =
            {
                "--default-signal=INT", "sh", "-c", "tty=$1; shift; exec setsid --ctty \"$@\" <\"$tty\" >\"$tty\" 2>&1", "sh", slave, "dotnet", Path.Combine(NodeProcess.Folder, "libp2p.dll"),
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["LIBP2P_DATA"] = dataFolder;
        start.Environment.Remove("LIBP2P_PLUGINS");
        start.Environment.Remove("NO_COLOR");
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment.Remove("LC_ALL");
        foreach (var (key, value) in environment) start.Environment[key] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => _news.Writer.TryWrite(true);
        _process.Start();
        _reading = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
    }

    /// <summary>Why there is none here; null: there is.</summary>
    public static string? Missing => OperatingSystem.IsLinux() && File.Exists("/usr/bin/setsid") ? null : "needs a Linux with setsid of util-linux";

    public VirtualTerminal Screen { get; }

    /// <summary>Whether the terminal shows what is typed, and hands it on by the line: its ordinary state.</summary>
    public bool IsCooked
    {
        get
        {
            var settings = new byte[256];
            Check(TcGetAttr(_slave, settings));
            return (BitConverter.ToInt32(settings, LocalFlagsOffset) & (Echo | Canonical)) == (Echo | Canonical);
        }
    }

    public static PseudoTerminal Start(int width, int height, string dataFolder, params string[] arguments) => StartWith(width, height, dataFolder, [], arguments);

    public static PseudoTerminal StartWith(int width, int height, string dataFolder, Dictionary<string, string> environment, params string[] arguments) =>
        new(width, height, dataFolder, environment, arguments);

    public void Type(string keys) => _master.Write(System.Text.Encoding.UTF8.GetBytes(keys));

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString()]);
        await kill.WaitForExitAsync().WaitAsync(Watchdog);
    }

    public void Resize(int width, int height)
    {
        Screen.Resize(width, height);
        SetSize(width, height);
    }

    /// <summary>Waits until the screen shows lines that fit.</summary>
    public async Task<string[]> UntilAsync(Predicate<string[]> fits)
    {
        while (true)
        {
            var lines = Screen.Lines();
            if (fits(lines)) return lines;
            (await NewsAsync(Watchdog)).ShouldBeTrue($"the screen still shows\n{string.Join('\n', lines)}");
            if (_reading.IsCompleted || _process.HasExited) throw new InvalidOperationException($"the process has ended; the screen shows\n{string.Join('\n', Screen.Lines())}", _reading.Exception);
        }
    }

    /// <summary>Waits until something is written; true, unless nothing is in that time.</summary>
    public async Task<bool> NewsAsync(TimeSpan atMost)
    {
        using var late = new CancellationTokenSource(atMost);
        try
        {
            return await _news.Reader.ReadAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits for the end of the process.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Watchdog);
        return _process.ExitCode;
    }

    /// <summary>Waits until everything that was written is on the screen; then there is no terminal any more.</summary>
    public async Task DrainAsync()
    {
        _slave.Dispose();
        await _reading.WaitAsync(Watchdog);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _slave.Dispose();
        await _reading.WaitAsync(Watchdog).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _master.DisposeAsync();
        _process.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (_master.Read(buffer) is > 0 and var length)
            {
                Screen.Write(buffer.AsSpan(0, length));
                _news.Writer.TryWrite(true);
            }
        }
        catch (IOException)
        {
            // EIO: nobody has the other end open any more.
        }
        finally
        {
            _news.Writer.TryWrite(true);
        }
    }

    private void SetSize(int width, int height) =>
        Check(Ioctl(_master.SafeFileHandle, SetWindowSize, [(ushort)height, (ushort)width, 0, 0]));

    private static int Check(int result) => result >= 0 ? result : throw new InvalidOperationException($"errno {Marshal.GetLastPInvokeError()}");

    private const int OpenReadWrite = 2;
    private const int OpenNoControl = 0x100;
    private const nuint SetWindowSize = 0x5414;
    private const int LocalFlagsOffset = 12;
    private const int Canonical = 2;
    private const int Echo = 8;

    [DllImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static extern int PosixOpenPt(int flags);

    [DllImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static extern int GrantPt(SafeFileHandle terminal);

    [DllImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static extern int UnlockPt(SafeFileHandle terminal);

    [DllImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static extern int PtsName(SafeFileHandle terminal, byte[] name, nint length);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(string path, int flags);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Ioctl(SafeFileHandle terminal, nuint request, ushort[] size);

    [DllImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static extern int TcGetAttr(SafeFileHandle terminal, byte[] settings);
}
