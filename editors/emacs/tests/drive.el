;;; drive.el --- Drives Emacs with eglot over a project  -*- lexical-binding: t; -*-
;;; Commentary:
;; Writes what it sees to stdout, in sections.  Run by test_emacs.py.
;;; Code:
;; Emacs 29 has eglot; Debian puts it here for older ones.
(let ((default-directory "/usr/share/emacs/site-lisp/elpa/"))
  (when (file-directory-p default-directory)
    (normal-top-level-add-subdirs-to-load-path)))
(require 'cl-lib)
(require 'eglot)
(setq eglot-sync-connect 60 eglot-connect-timeout 60 eglot-confirm-server-initiated-edits nil)

(defun drive-say (title lines)
  "Write TITLE and LINES to stdout."
  (princ (format "== %s\n" title))
  (mapc (lambda (line) (princ (concat line "\n"))) lines))

(defun drive-lens (lens)
  "Return the words of LENS with its line."
  (format "%d %s" (1+ (plist-get (plist-get (plist-get lens :range) :start) :line))
          (plist-get (plist-get lens :command) :title)))

(let* ((project (getenv "HULDRA_PROJECT"))
       (python (getenv "HULDRA_PYTHON"))
       (file (concat project "/toytext/experiments.py"))
       (buffer (find-file-noselect file))
       (asked nil))
  (with-current-buffer buffer
    (eglot '(python-mode) (project-current nil project) 'eglot-lsp-server (list python "-m" "huldra" "lsp") "python")
    (let* ((server (eglot-current-server))
           (document (list :uri (concat "file://" file)))
           (here (list :line 22 :character 0))
           (busy t))
      (while busy
        (setq busy (not (memq (plist-get (jsonrpc-request server :huldra/status nil) :busy) '(:json-false nil))))
        (sleep-for 0.1))
      (drive-say "lenses" (mapcar #'drive-lens (jsonrpc-request server :textDocument/codeLens (list :textDocument document))))
      (drive-say "hover"
                 (list (plist-get (plist-get (jsonrpc-request server :textDocument/hover
                                                              (list :textDocument document :position '(:line 22 :character 12)))
                                             :contents)
                                  :value)))
      (goto-char (point-min))
      (forward-line 22)
      (drive-say "actions"
                 (mapcar (lambda (action) (plist-get action :title))
                         (jsonrpc-request server :textDocument/codeAction
                                          (list :textDocument document :range (list :start here :end here)
                                                :context '(:diagnostics [])))))
      ;; What a user does: M-x eglot-code-actions, choose, and answer the question.
      (cl-letf (((symbol-function 'completing-read)
                 (lambda (prompt collection &rest _)
                   (let ((titles (all-completions "" collection)))
                     (push (format "%s%s" prompt (string-join titles " | ")) asked)
                     (or (cl-find-if (lambda (title) (string-prefix-p "Rerun" title)) titles) (car titles))))))
        (setq last-nonmenu-event t) ; chosen by keys, not by mouse
        (eglot-code-actions (point) (line-end-position) nil t)
        (let ((tries 0))
          (while (and (< (length asked) 2) (< tries 100))
            (accept-process-output nil 0.1)
            (setq tries (1+ tries)))))
      (drive-say "asked" (reverse asked))
      (ignore-errors (eglot-shutdown server nil 5)))))
;;; drive.el ends here
