using System.Text;
using Libp2p.Node.Output;
using Spectre.Console;

namespace Libp2p.Node.View;

/// <summary>
/// The whole screen of a terminal, painted line by line: what did not change is not written again, so nothing flickers, and a change of size only means to write all of it.
/// Uses the alternate screen, so that what was there comes back. Thread-safe; <see cref="Leave"/> may come at any time, from any thread.
/// </summary>
internal sealed class Screen(Stream terminal, ColorSystem colors)
{
    // Not when it is there already: the cursor's place on the other screen would be forgotten.
    private const string AlternateScreen = "\e[?1049h";

    // No cursor; no wrapping at the right edge, so that a line too long during a change of size does no harm.
    private const string Modes = "\e[?25l\e[?7l";
    private const string LeaveSequence = "\e[0m\e[?7h\e[?25h\e[?1049l" + NormalKeypad;

    // .NET switches it to application mode when keys are read, and never back.
    private const string NormalKeypad = "\e[?1l\e>";

    /// <summary>How long leaving waits for a frame that the terminal does not take (Ctrl+S): a process that ends must not hang on it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Between these a terminal that knows them shows nothing half done; others ignore them.
    private const string BeginFrame = "\e[?2026h";
    private const string EndFrame = "\e[?2026l";

    private readonly Lock _gate = new();
    private readonly AnsiText _ansi = new(colors);
    private readonly StringBuilder _frame = new();
    private string[] _shown = []; // guarded by _gate; what each row shows
    private (int Width, int Height) _size; // guarded by _gate
    private bool _entered; // guarded by _gate

    /// <summary>Takes the terminal; also again, where somebody else wrote on it meanwhile.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            Write(_entered ? Modes : AlternateScreen + Modes);
            _entered = true;
            _shown = [];
        }
    }

    /// <summary>Gives the terminal back as it was. Nothing where it was not entered.</summary>
    public void Leave()
    {
        if (!_gate.TryEnter(Patience)) return;
        try
        {
            if (!_entered) return;
            _entered = false;
            Write(LeaveSequence);
        }
        catch (IOException)
        {
            // The terminal has gone.
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>The next frame is written whole, whatever the screen shows.</summary>
    public void Forget()
    {
        lock (_gate) _shown = [];
    }

    /// <summary>Shows lines, each no wider than the screen, from the top; the rest is blank. Nothing where it was not entered.</summary>
    public void Paint(IReadOnlyList<Line> lines, (int Width, int Height) size)
    {
        lock (_gate)
        {
            if (!_entered) return;
            _frame.Clear();
            var whole = size != _size || _shown.Length != size.Height;
            if (whole)
            {
                _size = size;
                _shown = new string[size.Height];
                Array.Fill(_shown, "");
                _frame.Append("\e[2J");
            }

            for (var row = 0; row < size.Height; row++)
            {
                var line = row < lines.Count ? lines[row] : Line.Empty;
                var text = _ansi.Of(line);
                if (_shown[row] == text) continue;
                _shown[row] = text;
                _frame.Append("\e[").Append(row + 1).Append(";1H").Append(text);
                // At the right edge it would take the last character away.
                if (line.Cells < size.Width) _frame.Append("\e[K");
            }

            if (_frame.Length > 0) Write(_frame.Insert(0, BeginFrame).Append(EndFrame).ToString());
        }
    }

    /// <summary>In one call, so that a frame arrives whole.</summary>
    private void Write(string text)
    {
        terminal.Write(Encoding.UTF8.GetBytes(text));
        terminal.Flush();
    }
}
